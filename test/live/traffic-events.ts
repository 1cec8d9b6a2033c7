import type { EndReason, TcpState } from "../../src/model/tcp.js";
import { TCP_STATES } from "../../src/model/tcp.js";
import { asCount, asFields, count, type Fields, list, oneOf, orNull, text } from "./json-fields.js";

/**
 * One end of one TCP connection, and its truth; where tcptop has a column for it, under the column's name.
 * Bytes are since the connection opened.
 */
export interface TrafficEndpoint {
  readonly case: string;
  readonly side: "client" | "server";
  readonly direction: "in" | "out";
  /** The process that did the work; `owners` are all that hold the socket, it included. */
  readonly pid: number;
  readonly comm: string;
  readonly owners: readonly number[];
  /** IPv4-mapped addresses are told as IPv4. */
  readonly family: 4 | 6;
  readonly local_addr: string;
  readonly local_port: number;
  readonly remote_addr: string;
  readonly remote_port: number;
  /** Inode of the network namespace. */
  readonly netns: number;
  /** Of the TCP socket, in decimal; null for a subflow of an MPTCP socket, which only the kernel knows. */
  readonly cookie: string | null;
  /** Of the socket that processes hold: the same, or the MPTCP socket. */
  readonly holder_cookie: string;
  /** Connections that this socket had before. */
  readonly incarnation: number;
  /** Payload put on the wire at least once. */
  readonly tx_bytes: number;
  /** Payload received in order by TCP, read or not. */
  readonly rx_bytes: number;
  /** Of `rx_bytes`, what the application has not read. */
  readonly unread_bytes: number;
  /** What makes this end special, as words. */
  readonly note: string | null;
  /** null where it has ended, or can't be asked. */
  readonly state: TcpState | null;
  /** null while it is open, and where the generator can't know. */
  readonly end_reason: EndReason | null;
  /** The kernel's own counters at that moment, to look at; the truth does not come from them. */
  readonly tcp_info: TrafficTcpInfo | null;
}

export interface TrafficTcpInfo {
  readonly bytes_acked: number;
  readonly bytes_received: number;
  readonly bytes_sent: number;
  readonly bytes_retrans: number;
  readonly total_retrans: number;
  readonly rtt_us: number;
  readonly rttvar_us: number;
  readonly min_rtt_us: number;
  readonly snd_cwnd: number;
  readonly unsent_bytes: number;
}

/** A line that a generator printed; `End` is what it tells of an end. */
export type TrafficEvent<End = TrafficEndpoint> =
  | { readonly event: "endpoint"; readonly endpoint: End }
  /** All ends have been told; it waits for an order. */
  | { readonly event: "ready" }
  /** The connections are gone: the final truth of each end, also of those that ended earlier. */
  | { readonly event: "closed"; readonly endpoints: readonly End[] }
  /** `plain bulk` and `plain old`: written after an order, and not necessarily arrived. */
  | {
      readonly event: "moved";
      readonly writtenBytes: number;
      readonly unackedBytes: number;
      readonly unsentBytes: number;
    }
  /** `short`, `one-shot`, `resolver`: how long the connections of one process lasted. */
  | {
      readonly event: "lasted";
      readonly connections: number;
      readonly longestUs: number;
      readonly overAMillisecond: number;
    }
  /** `conns`: that many connections are open. */
  | { readonly event: "opened"; readonly connections: number };

const END_REASONS: readonly EndReason[] = [
  "fin",
  "closed",
  "reset_by_peer",
  "reset",
  "refused",
  "timeout",
  "unreachable",
  "aborted",
  "unknown",
];

/** The event that a line tells. Throws where it is none. */
export function parseTrafficEvent<End>(line: string, parseEnd: (fields: Fields) => End): TrafficEvent<End> {
  const fields = asFields(JSON.parse(line));
  switch (fields["event"]) {
    case "endpoint":
      return { event: "endpoint", endpoint: parseEnd(fields) };
    case "ready":
      return { event: "ready" };
    case "closed":
      return {
        event: "closed",
        endpoints: list(fields, "endpoints").map((end) => parseEnd(asFields(end))),
      };
    case "moved":
      return {
        event: "moved",
        writtenBytes: count(fields, "written_bytes"),
        unackedBytes: count(fields, "unacked_bytes"),
        unsentBytes: count(fields, "unsent_bytes"),
      };
    case "lasted":
      return {
        event: "lasted",
        connections: count(fields, "connections"),
        longestUs: count(fields, "longest_us"),
        overAMillisecond: count(fields, "over_a_millisecond"),
      };
    case "opened":
      return { event: "opened", connections: count(fields, "connections") };
    default:
      throw new Error(`not an event of a traffic generator: ${line.slice(0, 200)}`);
  }
}

/** What a TCP generator tells of an end. */
export function parseTcpEndpoint(fields: Fields): TrafficEndpoint {
  return {
    case: text(fields, "case"),
    side: oneOf(fields, "side", ["client", "server"]),
    direction: oneOf(fields, "direction", ["in", "out"]),
    pid: count(fields, "pid"),
    comm: text(fields, "comm"),
    owners: list(fields, "owners").map((pid) => asCount(pid, "owners")),
    family: count(fields, "family") === 6 ? 6 : 4,
    local_addr: text(fields, "local_addr"),
    local_port: count(fields, "local_port"),
    remote_addr: text(fields, "remote_addr"),
    remote_port: count(fields, "remote_port"),
    netns: count(fields, "netns"),
    cookie: orNull(fields, "cookie", text),
    holder_cookie: text(fields, "holder_cookie"),
    incarnation: count(fields, "incarnation"),
    tx_bytes: count(fields, "tx_bytes"),
    rx_bytes: count(fields, "rx_bytes"),
    unread_bytes: count(fields, "unread_bytes"),
    note: orNull(fields, "note", text),
    state: orNull(fields, "state", (from, key) => oneOf(from, key, TCP_STATES)),
    end_reason: orNull(fields, "end_reason", (from, key) => oneOf(from, key, END_REASONS)),
    tcp_info: orNull(fields, "tcp_info", (from, key) => parseTcpInfo(asFields(from[key]))),
  };
}

function parseTcpInfo(fields: Fields): TrafficTcpInfo {
  return {
    bytes_acked: count(fields, "bytes_acked"),
    bytes_received: count(fields, "bytes_received"),
    bytes_sent: count(fields, "bytes_sent"),
    bytes_retrans: count(fields, "bytes_retrans"),
    total_retrans: count(fields, "total_retrans"),
    rtt_us: count(fields, "rtt_us"),
    rttvar_us: count(fields, "rttvar_us"),
    min_rtt_us: count(fields, "min_rtt_us"),
    snd_cwnd: count(fields, "snd_cwnd"),
    unsent_bytes: count(fields, "unsent_bytes"),
  };
}
