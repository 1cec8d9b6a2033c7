import { onTestFinished } from "vitest";
import { asCount, count, type Fields, list, oneOf, orNull, text } from "./json-fields.js";
import type { EndReader, Traffic, TrafficArguments, TrafficOptions } from "./traffic.js";
import { startTrafficOf } from "./traffic.js";

/**
 * A UDP socket and one of its peers, and what they moved; where tcptop has a column for it, under the column's name.
 * Bytes are what the calls of the socket's processes returned.
 */
export interface UdpEndpoint {
  readonly case: string;
  readonly side: "client" | "server";
  readonly pid: number;
  readonly comm: string;
  /** All processes that hold the socket. */
  readonly owners: readonly number[];
  /** The peer's; IPv4-mapped addresses are told as IPv4. */
  readonly family: 4 | 6;
  /** What the socket is bound to: may be a wildcard. */
  readonly local_addr: string;
  readonly local_port: number;
  /** null: received without a name. */
  readonly remote_addr: string | null;
  readonly remote_port: number | null;
  readonly netns: number;
  /** Of the socket, in decimal. */
  readonly cookie: string;
  readonly tx_bytes: number;
  readonly rx_bytes: number;
  /** Datagrams that the socket dropped, from all its peers. */
  readonly drops: number;
  readonly state: "ESTABLISHED" | "UNCONN";
  /** null while it is open. */
  readonly end_reason: "closed" | null;
}

export type UdpTraffic = Traffic<UdpEndpoint>;

/** Starts a case of the `datagram` program, which goes with the test; resolves when its ends have been told. */
export async function udpTrafficOfTest(
  caseName: string,
  args: TrafficArguments = {},
  options: TrafficOptions = {},
): Promise<UdpTraffic> {
  const traffic = await startTrafficOf(UDP_ENDS, "datagram", caseName, args, options);
  onTestFinished(traffic.end);
  return traffic;
}

const UDP_ENDS: EndReader<UdpEndpoint> = {
  parse: parseUdpEndpoint,
  key: (end) => `${end.side} ${end.cookie} ${end.remote_addr} ${end.remote_port}`,
};

export function parseUdpEndpoint(fields: Fields): UdpEndpoint {
  oneOf(fields, "proto", ["udp"]);
  return {
    case: text(fields, "case"),
    side: oneOf(fields, "side", ["client", "server"]),
    pid: count(fields, "pid"),
    comm: text(fields, "comm"),
    owners: list(fields, "owners").map((pid) => asCount(pid, "owners")),
    family: count(fields, "family") === 6 ? 6 : 4,
    local_addr: text(fields, "local_addr"),
    local_port: count(fields, "local_port"),
    remote_addr: orNull(fields, "remote_addr", text),
    remote_port: orNull(fields, "remote_port", count),
    netns: count(fields, "netns"),
    cookie: text(fields, "cookie"),
    tx_bytes: count(fields, "tx_bytes"),
    rx_bytes: count(fields, "rx_bytes"),
    drops: count(fields, "drops"),
    state: oneOf(fields, "state", ["ESTABLISHED", "UNCONN"]),
    end_reason: orNull(fields, "end_reason", (from, key) => oneOf(from, key, ["closed"])),
  };
}
