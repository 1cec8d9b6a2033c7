import { decodeEnds, type Ends } from "../../linux/proc-net.js";
import type { Tuple } from "../../model/sample.js";
import { ipv4Text, ipv6Text } from "../ebpf/address-text.js";

const ANY_IPV6 = "\0".repeat(16);
const ANY_IPV4 = "\0".repeat(4);
const MAPPED_PREFIX = "\0\0\0\0\0\0\0\0\0\0\xff\xff";

/** Both ends of a row of a socket table, as text. A conversation over IPv4 is one, whatever the socket is. */
export function tupleOfEnds(ends: string): Tuple {
  return tupleOfAddresses(decodeEnds(ends));
}

/** As `tupleOfEnds`, of ends that have been decoded. */
export function tupleOfAddresses({ localAddr, localPort, remoteAddr, remotePort }: Ends): Tuple {
  const ports = { localPort, remotePort };
  const local = ipv4Of(localAddr);
  if (local !== null) {
    // A socket that listens on a mapped address has no peer, and an unspecified one of IPv6 in its place.
    const remote = remoteAddr === ANY_IPV6 ? ANY_IPV4 : ipv4Of(remoteAddr);
    if (remote !== null) {
      return { family: 4, localAddr: ipv4Text(local), remoteAddr: ipv4Text(remote), ...ports };
    }
  }
  return { family: 6, localAddr: ipv6Text(localAddr), remoteAddr: ipv6Text(remoteAddr), ...ports };
}

/** The bytes of an IPv4 address, also of a mapped one (RFC 4291, 2.5.5.2); null for others. */
function ipv4Of(address: string): string | null {
  if (address.length === ANY_IPV4.length) return address;
  return address.startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : null;
}
