import type { InetDiagMessage } from "../../linux/inet-diag-message.js";
import type { TcpDetails } from "../../model/tcp-details.js";

/** What tcp_info says beyond the columns. A class, as all that is made once per socket and tick. */
class DiagDetails implements TcpDetails {
  readonly busyTime: number;
  readonly receiverWindowTime: number;
  readonly sendBufferTime: number;
  readonly isCwndLimited: boolean;
  readonly isAppLimited: boolean;
  readonly waitsForRoom: boolean | null;
  readonly timeouts: number;
  readonly inFlight: number;
  readonly lost: number;
  readonly unsentBytes: number | null;
  readonly sendWindow: number | null;
  readonly receiveWindow: number | null;
  readonly mss: number;
  readonly dataSegmentsOut: number | null;
  readonly dataSegmentsIn: number | null;
  readonly congestionAlgorithm: string | null;

  constructor(message: InetDiagMessage) {
    const inFlight = message.unacked ?? 0;
    const lost = message.lost ?? 0;
    const inNetwork = inFlight - (message.sacked ?? 0) - lost + (message.sentAgain ?? 0);
    this.busyTime = message.busyTimeUs ?? 0;
    this.receiverWindowTime = message.rwndLimitedUs ?? 0;
    this.sendBufferTime = message.sndbufLimitedUs ?? 0;
    // tcp_info has not the kernel's own mark; what is full at this instant is limited by it.
    this.isCwndLimited = inNetwork > 0 && inNetwork >= (message.cwnd ?? 0);
    this.isAppLimited = message.isAppLimited ?? false;
    this.waitsForRoom = message.isWritable === true ? false : null;
    this.timeouts = message.timeouts ?? 0;
    this.inFlight = inFlight;
    this.lost = lost;
    this.unsentBytes = message.notSentBytes;
    this.sendWindow = message.sendWindow;
    this.receiveWindow = message.receiveWindow;
    this.mss = message.mss ?? 0;
    this.dataSegmentsOut = message.dataSegmentsOut;
    this.dataSegmentsIn = message.dataSegmentsIn;
    this.congestionAlgorithm = message.congestionAlgorithm;
  }
}

/** Of a connection that is, or was, established; null where the kernel keeps no such times (before 4.10). */
export function detailsOf(message: InetDiagMessage): TcpDetails | null {
  return message.sndbufLimitedUs === null ? null : new DiagDetails(message);
}
