import { type ConnectionRecord, HolderRecord } from "../../linux/records.gen.js";
import { RepeatedText } from "../../linux/repeated-text.js";
import type { Holder, LateOwner } from "../../model/sample.js";
import { contextOwner } from "./kernel-reading.js";

const COMM_AT = HolderRecord.offsets.comm;
const COMM_BYTES = 16;

/** Of the holder before: sockets come process by process. */
const commBefore = new RepeatedText();

/** A process that was heard of after the opening or the close that it belongs to; null where the record names none. */
export function lateOwnerOf(record: ConnectionRecord): LateOwner | null {
  const owner = contextOwner(record);
  return owner === null ? null : { cookie: record.cookie, incarnation: record.incarnation, owner };
}

export function holderOf(record: HolderRecord): Holder {
  const comm = commBefore.read(record.bytes, record.at + COMM_AT, COMM_BYTES) ?? "";
  return { cookie: record.cookie, pid: record.pid, comm };
}
