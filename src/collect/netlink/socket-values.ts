import type { InetDiagMessage } from "../../linux/inet-diag-message.js";
import type { TcpState } from "../../model/tcp.js";
import type { TcpDetails } from "../../model/tcp-details.js";
import { detailsOf } from "./diag-details.js";
import {
  receivedWhileOpen,
  receiveQueueOf,
  type Surroundings,
  sendQueueOf,
  sentWhileOpen,
  type TcpCounting,
  type TcpEnding,
} from "./tcp-counters.js";

/** `tcpi_min_rtt` before the first measurement. */
const NO_MIN_RTT = 0xffff_ffff;

/** Before the connection is established there is nothing to tell. */
const WITHOUT_DETAILS: ReadonlySet<TcpState> = new Set(["LISTEN", "SYN_SENT", "SYN_RECV"]);

/**
 * What was last read of a socket, under the names that readings have: changed in place. To keep the readings themselves for
 * as long would cost the garbage collector more than all of the decoding.
 */
export class SocketValues {
  boundDevice: number | null = null;
  txBytes: number | null = null;
  rxBytes: number | null = null;
  rttUs: number | null = null;
  rttvarUs: number | null = null;
  minRttUs: number | null = null;
  retrans: number | null = null;
  retransBytes: number | null = null;
  cwnd: number | null = null;
  deliveryRate: number | null = null;
  sendQueue: number | null = null;
  recvQueue: number | null = null;
  acceptQueue: number | null = null;
  acceptLimit: number | null = null;
  drops: number | null = null;
  tcp: TcpDetails | null = null;
  clock: number | null = null;

  /** Takes what a dump says of a TCP socket. */
  takeTcp(message: InetDiagMessage, state: TcpState, counting: TcpCounting, around: Surroundings): void {
    if (state === "LISTEN") {
      this.#takeListening(message);
      return;
    }
    this.txBytes = sentWhileOpen(message, state, counting, around);
    this.rxBytes = receivedWhileOpen(message, state);
    this.#takePath(message, state);
  }

  /** Takes what a dump, read at `readNs`, says of a TCP socket beyond the columns. */
  takeDetails(message: InetDiagMessage, state: TcpState, readNs: number): void {
    this.tcp = WITHOUT_DETAILS.has(state) ? null : detailsOf(message);
    // The kernel's times are in us.
    this.clock = this.tcp === null ? null : readNs / 1000;
  }

  /** Takes the last word on a TCP socket. */
  takeEnding(message: InetDiagMessage, state: TcpState, ending: TcpEnding): void {
    this.txBytes = ending.txBytes;
    this.rxBytes = ending.rxBytes;
    this.#takePath(message, state);
  }

  /** Takes what a dump says of a UDP socket; the last word has no drops. */
  takeUdp(message: InetDiagMessage): void {
    this.#takeDevice(message);
    this.drops = message.drops;
  }

  #takePath(message: InetDiagMessage, state: TcpState): void {
    const { minRttUs } = message;
    // 0 is what the kernel has before the first measurement.
    const isMeasured = message.rttUs !== 0;
    this.#takeDevice(message);
    this.rttUs = isMeasured ? message.rttUs : null;
    this.rttvarUs = isMeasured ? message.rttvarUs : null;
    this.minRttUs = isMeasured && minRttUs !== NO_MIN_RTT ? minRttUs : null;
    this.retrans = message.totalRetrans;
    this.retransBytes = message.bytesRetrans;
    this.cwnd = message.cwnd;
    this.deliveryRate = message.deliveryRate || null;
    this.sendQueue = sendQueueOf(message, state);
    this.recvQueue = receiveQueueOf(message, state);
  }

  #takeListening(message: InetDiagMessage): void {
    this.#takeDevice(message);
    this.acceptQueue = message.receiveQueue;
    this.acceptLimit = message.sendQueue;
  }

  #takeDevice({ boundDevice }: InetDiagMessage): void {
    this.boundDevice = boundDevice === 0 ? null : boundDevice;
  }
}
