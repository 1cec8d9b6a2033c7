import type { Connection } from "../model/connection.js";
import type { Rung } from "../model/rung.js";
import type { EndpointTruth, PathTruth, TrafficTruth } from "./truth.js";

/** What became of one data path. */
export type Outcome =
  /** Every byte, both ways, at every end. */
  | "exact"
  /** Off by no more than the rung says of itself: see `CLOSE_ERROR_BYTES`. */
  | "within 1 byte"
  /** Bytes that are not what was moved. */
  | "wrong"
  /** An end that had no row though this rung ought to show it. */
  | "not seen"
  /** The rung does not count it, and shows a dash. */
  | "not counted"
  /** The kernel does not have it, or does not let this user have it. */
  | "not available";

/** `unknown` where no owner was shown; null where there was nothing to own. */
export type OwnerVerdict = "right" | "wrong" | "unknown" | null;

export interface PathVerdict {
  readonly proto: "tcp" | "udp";
  readonly path: string;
  /** Payload over all ends, sent and received. */
  readonly expectedBytes: number;
  /** null where nothing was counted. */
  readonly measuredBytes: number | null;
  readonly outcome: Outcome;
  readonly owner: OwnerVerdict;
  /** Why it is not available; null else. */
  readonly reason: string | null;
  /** Whether this is as the rung promises. */
  readonly passed: boolean;
}

/** sock_diag does not tell whether a FIN was received (docs/accuracy.md). */
const CLOSE_ERROR_BYTES: Partial<Record<Rung, number>> = { netlink: 1, user: 1 };
/** Rungs that see a connection only if it is there when they look, and owners only of what is. */
const LOOKS_NOW_AND_THEN: readonly Rung[] = ["proc"];
const OWNERS_ONLY_WHILE_OPEN: readonly Rung[] = ["netlink", "user", "proc"];

/** The rows of the traffic's network namespace, the newest for each end. */
export type RowsSeen = ReadonlyMap<string, Connection>;

/** What an end is known by among the rows of one namespace. */
export function endKey(
  proto: "tcp" | "udp",
  { localAddr, localPort, remoteAddr, remotePort }: Omit<EndpointTruth, "txBytes" | "rxBytes">,
): string {
  return `${proto} ${localAddr} ${localPort} ${remoteAddr} ${remotePort}`;
}

/** Holds what a rung showed against what was moved. */
export function judge(rung: Rung, truth: TrafficTruth, seen: RowsSeen): readonly PathVerdict[] {
  const countsUdp = [...seen.values()].some(({ proto, txBytes }) => proto === "udp" && txBytes !== null);
  return truth.paths.map((path) => judgePath(rung, path, truth.pid, seen, path.proto === "tcp" || countsUdp));
}

function judgePath(
  rung: Rung,
  { proto, path, endpoints, unavailable }: PathTruth,
  pid: number,
  seen: RowsSeen,
  isCounted: boolean,
): PathVerdict {
  const rows = endpoints.map((end) => seen.get(endKey(proto, end)));
  const outcome = unavailable === null ? outcomeOf(rung, endpoints, rows, isCounted) : "not available";
  const owner = outcome === "not available" ? null : ownerOf(rows, pid);
  return {
    proto,
    path,
    expectedBytes: sum(endpoints.map(({ txBytes, rxBytes }) => txBytes + rxBytes)),
    measuredBytes: outcome === "not counted" || outcome === "not available" ? null : measured(rows),
    outcome,
    owner,
    reason: unavailable,
    passed: isPassed(rung, outcome, owner),
  };
}

function outcomeOf(
  rung: Rung,
  endpoints: readonly EndpointTruth[],
  rows: readonly (Connection | undefined)[],
  isCounted: boolean,
): Outcome {
  if (!isCounted) return "not counted";
  let worst = 0;
  for (const [index, { txBytes, rxBytes }] of endpoints.entries()) {
    const row = rows[index];
    if (row === undefined) return "not seen";
    if (row.txBytes === null || row.rxBytes === null) return "not counted";
    worst = Math.max(worst, Math.abs(row.txBytes - txBytes), Math.abs(row.rxBytes - rxBytes));
  }
  if (worst === 0) return "exact";
  return worst <= (CLOSE_ERROR_BYTES[rung] ?? 0) ? "within 1 byte" : "wrong";
}

function ownerOf(rows: readonly (Connection | undefined)[], pid: number): OwnerVerdict {
  const pids = rows.map((row) => row?.pid ?? null);
  if (pids.some((shown) => shown !== null && shown !== pid)) return "wrong";
  return pids.includes(null) ? "unknown" : "right";
}

function isPassed(rung: Rung, outcome: Outcome, owner: OwnerVerdict): boolean {
  if (owner === "wrong" || outcome === "wrong") return false;
  if (outcome === "not seen") return LOOKS_NOW_AND_THEN.includes(rung);
  return owner !== "unknown" || OWNERS_ONLY_WHILE_OPEN.includes(rung);
}

/** null where there was no row at all. */
function measured(rows: readonly (Connection | undefined)[]): number | null {
  if (rows.every((row) => row === undefined)) return null;
  return sum(rows.map((row) => (row?.txBytes ?? 0) + (row?.rxBytes ?? 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
