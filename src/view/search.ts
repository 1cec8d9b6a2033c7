import { formatEndpoint } from "../model/address.js";
import { hasPeer } from "../model/columns.js";
import type { Connection } from "../model/connection.js";
import { PORT_NAMES, portOfName } from "../model/port-names.js";
import { END_REASONS, SOCKET_STATES } from "../model/tcp.js";
import { harmless } from "../model/text.js";

type Test<Value> = (value: Value) => boolean;

/**
 * Whether a row shows the text anywhere: in what names its processes, user, container and namespace, in its protocol, state and
 * end, or in its two ends: `10.0.0.1`, `443`, `10.0.0.1:443`, `https`. Case does not matter, nor spaces around it. An empty text is
 * in every row.
 */
export function searchPredicate(text: string): Test<Connection> {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return () => true;
  const isInWords = wordTest(wanted);
  const isInEnds = endsTest(wanted);
  const isInNames = nameTest((part) => part !== null && harmless(part).toLowerCase().includes(wanted));
  return (connection) => isInEnds(connection) || isInWords(connection) || isInNames(connection);
}

/** What has few values is looked at once, not once a row. */
function wordTest(wanted: string): Test<Connection> {
  const protos = thatContain(["tcp", "udp"], wanted);
  const states = thatContain(SOCKET_STATES, wanted);
  const endReasons = thatContain(END_REASONS, wanted);
  const ports = new Set([...thatContain(PORT_NAMES, wanted)].map(portOfName));
  return ({ proto, state, endReason, localPort, remotePort }) =>
    protos.has(proto) ||
    states.has(state) ||
    (endReason !== null && endReasons.has(endReason)) ||
    ports.has(localPort) ||
    ports.has(remotePort);
}

function thatContain(words: readonly string[], wanted: string): ReadonlySet<string> {
  return new Set(words.filter((word) => word.toLowerCase().includes(wanted)));
}

/** Numbers become text only for a search that they can satisfy. */
function endsTest(wanted: string): Test<Connection> {
  const isInEnd = endTest(wanted);
  const isInOwners: Test<Connection> = /^\d+$/.test(wanted)
    ? ({ owners }) => owners.some(({ pid }) => pid.toString().includes(wanted))
    : () => false;
  return (connection) => {
    const { localAddr, localPort, remoteAddr, remotePort } = connection;
    return (
      isInEnd(localAddr, localPort) ||
      (hasPeer(connection) && isInEnd(remoteAddr, remotePort)) ||
      isInOwners(connection)
    );
  };
}

function endTest(wanted: string): (address: string, port: number) => boolean {
  if (wanted.includes(":")) return (address, port) => formatEndpoint(address, port).includes(wanted);
  if (!/^\d+$/.test(wanted)) return (address) => address.includes(wanted);
  return (address, port) => address.includes(wanted) || port.toString().includes(wanted);
}

function nameTest(contains: Test<string | null>): Test<Connection> {
  return ({ comm, owners, process: details, netnsName }) => {
    if (contains(comm) || contains(netnsName)) return true;
    // Most have one owner, which `comm` is the name of.
    for (const owner of owners) if (owner.comm !== comm && contains(owner.comm)) return true;
    if (details === null) return false;
    return contains(details.user) || contains(details.container) || contains(details.cmdline);
  };
}
