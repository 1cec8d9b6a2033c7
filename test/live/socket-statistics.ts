import type { Netns } from "./netns.js";
import type { TrafficEndpoint } from "./traffic.js";

/** What `ss -tinO` says of one connection, in its own units; what it leaves out is 0 to it. */
export interface SocketStatistics {
  readonly rttMs: number;
  readonly rttvarMs: number;
  readonly minRttMs: number;
  readonly cwnd: number;
  readonly bytesRetrans: number;
  readonly totalRetrans: number;
  readonly deliveryRateBitsPerSecond: number;
}

/** Asks `ss` inside the end's namespace. */
export function socketStatistics(netns: Netns, end: TrafficEndpoint): SocketStatistics {
  const filter = `sport = :${end.local_port} and dport = :${end.remote_port}`;
  const [line = "", ...more] = netns.run("ss", "-tinOH", filter).trim().split("\n");
  if (line === "" || more.length > 0)
    throw new Error(`not exactly one line from ss: ${[line, ...more].join("\n")}`);
  const [rttMs, rttvarMs] = numbersAfter(line, "rtt:", "/");
  const [, totalRetrans] = numbersAfter(line, "retrans:", "/");
  const first = (name: string): number => numbersAfter(line, name)[0] ?? 0;
  return {
    rttMs: rttMs ?? Number.NaN,
    rttvarMs: rttvarMs ?? Number.NaN,
    minRttMs: first("minrtt:"),
    cwnd: first("cwnd:"),
    bytesRetrans: first("bytes_retrans:"),
    totalRetrans: totalRetrans ?? 0,
    deliveryRateBitsPerSecond: first("delivery_rate "),
  };
}

/** The numbers in the field of that name, such as `rtt:0.034/0.017`. */
function numbersAfter(line: string, name: string, separator = " "): readonly number[] {
  const at = line.indexOf(` ${name}`);
  if (at < 0) return [];
  const field = line.slice(at + 1 + name.length).split(" ")[0] ?? "";
  return field.split(separator).map((number) => Number.parseFloat(number));
}

/** Microseconds as `ss` prints them: in ms, with six significant digits (%g). */
export function printedMs(us: number | null): number {
  return us === null ? Number.NaN : Number((us / 1000).toPrecision(6));
}
