/**
 * What a TCP socket says of its sending and its windows at one instant, from the time when it was established. What the kernel
 * or the collector does not tell is null.
 */
export interface TcpDetails {
  /**
   * For how long there was something to send, or to be acknowledged, since the connection opened: as the two times after it in
   * the unit of `SocketReading.clock`, which the kernel does not tell. Only shares of it mean anything.
   */
  readonly busyTime: number;
  /** Of that, for how long the peer's receive window was closed. */
  readonly receiverWindowTime: number;
  /** Of that, for how long the application waited for room in a send buffer of which all had been sent. */
  readonly sendBufferTime: number;
  /** Whether the congestion window was full in the round trip at hand; where that is not told (sock_diag), at this instant. */
  readonly isCwndLimited: boolean;
  /** Whether, when what was last acknowledged was sent, the application had no more to send. */
  readonly isAppLimited: boolean;
  /** Whether the application waits for room in the send buffer; null where the buffer is full and that is not told (sock_diag). */
  readonly waitsForRoom: boolean | null;
  /** Retransmission time-outs since the peer last acknowledged anything. */
  readonly timeouts: number;
  /** Segments that are not acknowledged, and those of them that are taken for lost. */
  readonly inFlight: number;
  readonly lost: number;
  /** Bytes written by the application that have not left yet. */
  readonly unsentBytes: number | null;
  /** Bytes that the peer takes, as it last said; and that this end takes, as it last said. */
  readonly sendWindow: number | null;
  readonly receiveWindow: number | null;
  /** Payload of a full segment, in bytes. */
  readonly mss: number;
  /** Segments with payload, those sent again or received again included. */
  readonly dataSegmentsOut: number | null;
  readonly dataSegmentsIn: number | null;
  /** Name of the congestion control algorithm, as the kernel has it. */
  readonly congestionAlgorithm: string | null;
}

/** Whether two say the same: so most sockets of a host do, from tick to tick. */
export function sameDetails(a: TcpDetails | null, b: TcpDetails | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.busyTime === b.busyTime &&
    a.receiverWindowTime === b.receiverWindowTime &&
    a.sendBufferTime === b.sendBufferTime &&
    a.isCwndLimited === b.isCwndLimited &&
    a.isAppLimited === b.isAppLimited &&
    a.waitsForRoom === b.waitsForRoom &&
    a.timeouts === b.timeouts &&
    a.inFlight === b.inFlight &&
    a.lost === b.lost &&
    a.unsentBytes === b.unsentBytes &&
    a.sendWindow === b.sendWindow &&
    a.receiveWindow === b.receiveWindow &&
    a.mss === b.mss &&
    a.dataSegmentsOut === b.dataSegmentsOut &&
    a.dataSegmentsIn === b.dataSegmentsIn &&
    a.congestionAlgorithm === b.congestionAlgorithm
  );
}
