import type { RecordMemory } from "../../linux/record-memory.js";
import { type CallRecord, CallTotals, RECORD_KIND } from "../../linux/records.gen.js";
import type { SocketCookie } from "../../model/sample.js";

/** One call that sent or received something on a TCP socket. Bytes are what calls returned; peeks are none. */
export interface SocketCall {
  readonly way: "send" | "receive";
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  /** ns since boot. */
  readonly timeNs: number;
  readonly bytes: number;
  readonly pid: number;
  readonly comm: string;
  /** What the connection's calls have come to with this one, so that a call whose event is lost is not lost. */
  readonly totals: {
    readonly sends: number;
    readonly receives: number;
    readonly sentBytes: number;
    readonly receivedBytes: number;
  };
}

export function socketCallOf(record: CallRecord, memory: RecordMemory): SocketCall {
  const { sends, receives, sentBytes, receivedBytes } = new CallTotals(memory, record.totalsAt);
  return {
    way: record.kind === RECORD_KIND.RECORD_SEND ? "send" : "receive",
    cookie: record.cookie,
    incarnation: record.incarnation,
    timeNs: record.timeNs,
    bytes: record.callBytes,
    pid: record.pid,
    comm: record.comm,
    totals: { sends, receives, sentBytes, receivedBytes },
  };
}
