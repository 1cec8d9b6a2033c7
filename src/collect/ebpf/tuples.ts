import type { RecordMemory } from "../../linux/record-memory.js";
import { SocketTuple } from "../../linux/records.gen.js";
import type { Tuple } from "../../model/sample.js";
import { ipv4Text, ipv6Text } from "./address-text.js";

const AF_INET = 2;

/** The ends of a socket as text. */
export function readTuple(memory: RecordMemory, at: number): Tuple {
  const raw = new SocketTuple(memory, at);
  const ends = { localPort: raw.localPort, remotePort: raw.remotePort };
  if (raw.family === AF_INET) {
    return { family: 4, localAddr: ipv4Text(raw.localAddr), remoteAddr: ipv4Text(raw.remoteAddr), ...ends };
  }
  const local = ipv4MappedText(raw.localAddr);
  const remote = ipv4MappedText(raw.remoteAddr);
  // A conversation over IPv4, whatever the socket is. A wildcard of `::` beside a mapped peer is that of IPv4 too.
  if (local !== null && remote !== null) return { family: 4, localAddr: local, remoteAddr: remote, ...ends };
  return { family: 6, localAddr: ipv6Text(raw.localAddr), remoteAddr: ipv6Text(raw.remoteAddr), ...ends };
}

const MAPPED_PREFIX = "\0\0\0\0\0\0\0\0\0\0\xff\xff";

/** The IPv4 address in an IPv4-mapped IPv6 one (RFC 4291, 2.5.5.2); null in any other. */
function ipv4MappedText(address: string): string | null {
  return address.startsWith(MAPPED_PREFIX) ? ipv4Text(address.slice(MAPPED_PREFIX.length)) : null;
}
