import { type RecordCursor, type RecordMemory, recordMemory } from "../../../src/linux/record-memory.js";
import {
  CallRecord,
  CallTotals,
  ConnectionRecord,
  FlowRecord,
  HolderRecord,
  RECORD_KIND,
  RestingRecord,
  SocketTuple,
  WalkEndRecord,
} from "../../../src/linux/records.gen.js";

/** A member as the kernel writes it: a number of the member's width, a cookie, or text and bytes as a binary string. */
type Value = number | bigint | string;
type Values<Cursor extends RecordCursor> = Readonly<
  Partial<Record<Exclude<keyof Cursor, keyof RecordCursor>, Value>>
>;

interface RecordClass<Cursor extends RecordCursor> {
  readonly size: number;
  readonly name: string;
  new (memory: RecordMemory, at?: number): Cursor;
}

interface Place {
  readonly offset: number;
  readonly bytes: number;
}

const AF_INET = 2;
const AF_INET6 = 10;

export interface TupleValues {
  readonly family: 4 | 6;
  /** Bytes of the address. */
  readonly local: readonly number[];
  readonly localPort: number;
  readonly remote: readonly number[];
  readonly remotePort: number;
}

export const LOOPBACK_TUPLE: TupleValues = {
  family: 4,
  local: [127, 0, 0, 1],
  localPort: 40000,
  remote: [127, 0, 0, 1],
  remotePort: 80,
};

/** A connection record as bpf/ writes it; members that are not given are 0. */
export function connectionBytes(values: Values<ConnectionRecord>, tuple = LOOPBACK_TUPLE): Buffer {
  const bytes = encode(ConnectionRecord, values);
  bytes.set(tupleBytes(tuple), new ConnectionRecord(memoryOf(bytes)).tupleAt);
  return bytes;
}

export function tupleBytes({ family, local, localPort, remote, remotePort }: TupleValues): Buffer {
  return encode(SocketTuple, {
    family: family === 4 ? AF_INET : AF_INET6,
    localPort,
    remotePort,
    localAddr: String.fromCharCode(...local),
    remoteAddr: String.fromCharCode(...remote),
  });
}

/** What a UDP socket moved with one peer, as the walk over them writes it. */
export function flowBytes(values: Values<FlowRecord>, tuple = LOOPBACK_TUPLE): Buffer {
  const bytes = encode(FlowRecord, { kind: RECORD_KIND.RECORD_FLOW, ...values });
  bytes.set(tupleBytes(tuple), new FlowRecord(memoryOf(bytes)).tupleAt);
  return bytes;
}

export function holderBytes(values: Values<HolderRecord>): Buffer {
  return encode(HolderRecord, { kind: RECORD_KIND.RECORD_HOLDER, ...values });
}

/** So many connections that say what they said in the walk before. */
export function restingBytes(values: Values<RestingRecord>): Buffer {
  return encode(RestingRecord, { kind: RECORD_KIND.RECORD_RESTING, ...values });
}

export function walkEndBytes(walk: number): Buffer {
  return encode(WalkEndRecord, { kind: RECORD_KIND.RECORD_WALK_END, walk });
}

export function callBytes(values: Values<CallRecord>, totals: Values<CallTotals>): Buffer {
  const bytes = encode(CallRecord, values);
  bytes.set(encode(CallTotals, totals), new CallRecord(memoryOf(bytes)).totalsAt);
  return bytes;
}

export function memoryOf(...records: readonly Uint8Array[]): RecordMemory {
  const joined = Buffer.concat(records);
  return recordMemory(joined.buffer, joined.byteOffset, joined.byteLength);
}

function encode<Cursor extends RecordCursor>(type: RecordClass<Cursor>, values: Values<Cursor>): Buffer {
  const bytes = Buffer.alloc(type.size);
  for (const [member, value] of Object.entries<Value | undefined>(values)) {
    if (value !== undefined) write(bytes, placeOf(type, member), value);
  }
  return bytes;
}

function write(bytes: Buffer, { offset, bytes: width }: Place, value: Value): void {
  if (typeof value === "string") bytes.write(value, offset, "latin1");
  else if (width === 8) bytes.writeBigUInt64LE(BigInt(value), offset);
  else bytes.writeUIntLE(Number(value), offset, width);
}

/** Where a generated decoder reads a member: the bytes that make a difference to it. Of text only the first does. */
function placeOf<Cursor extends RecordCursor>(type: RecordClass<Cursor>, member: string): Place {
  const bytes = Buffer.alloc(type.size);
  const cursor = new type(memoryOf(bytes));
  const read = (): unknown => Reflect.get(cursor, member);
  const whenZero = read();
  const readFrom: number[] = [];
  for (let at = 0; at < type.size; at++) {
    cursor.bytes[at] = 0x41;
    if (read() !== whenZero) readFrom.push(at);
    cursor.bytes[at] = 0;
  }
  const [offset] = readFrom;
  if (offset === undefined) throw new TypeError(`${type.name} has no member ${member}`);
  return { offset, bytes: readFrom.length };
}
