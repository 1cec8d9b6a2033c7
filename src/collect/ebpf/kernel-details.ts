import { ConnectionRecord, RECORD_FLAGS } from "../../linux/records.gen.js";
import { RepeatedText } from "../../linux/repeated-text.js";
import type { TcpDetails } from "../../model/tcp-details.js";

const CONGESTION_NAME_AT = ConnectionRecord.offsets.congestionAlgorithm;
const CONGESTION_NAME_BYTES = 16;

const congestionNames = new RepeatedText();

/** What a connection record says beyond its columns. A class, for the same reason as KernelReading. */
class KernelDetails implements TcpDetails {
  readonly busyTime: number;
  readonly receiverWindowTime: number;
  readonly sendBufferTime: number;
  readonly isCwndLimited: boolean;
  readonly isAppLimited: boolean;
  readonly waitsForRoom: boolean;
  readonly timeouts: number;
  readonly inFlight: number;
  readonly lost: number;
  readonly unsentBytes: number;
  readonly sendWindow: number;
  readonly receiveWindow: number;
  readonly mss: number;
  readonly dataSegmentsOut: number;
  readonly dataSegmentsIn: number;
  readonly congestionAlgorithm: string | null;

  constructor(record: ConnectionRecord) {
    const { flags } = record;
    const nameAt = record.at + CONGESTION_NAME_AT;
    this.busyTime = record.busyTime;
    this.receiverWindowTime = record.rwndLimitedTime;
    this.sendBufferTime = record.sndbufLimitedTime;
    this.isCwndLimited = (flags & RECORD_FLAGS.CWND_LIMITED) !== 0;
    this.isAppLimited = (flags & RECORD_FLAGS.APP_LIMITED) !== 0;
    this.waitsForRoom = (flags & RECORD_FLAGS.WAITS_FOR_ROOM) !== 0;
    this.timeouts = record.timeouts;
    this.inFlight = record.packetsOut;
    this.lost = record.lostOut;
    this.unsentBytes = record.unsent;
    this.sendWindow = record.sndWnd;
    this.receiveWindow = record.rcvWnd;
    this.mss = record.mss;
    this.dataSegmentsOut = record.dataSegsOut;
    this.dataSegmentsIn = record.dataSegsIn;
    this.congestionAlgorithm = congestionNames.read(record.bytes, nameAt, CONGESTION_NAME_BYTES);
  }
}

/** Null before the connection is established: then nothing of it was read. */
export function detailsOf(record: ConnectionRecord): TcpDetails | null {
  return record.clock === 0 ? null : new KernelDetails(record);
}
