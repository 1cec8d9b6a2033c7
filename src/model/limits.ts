/** What keeps the data of a connection from moving faster: what it was for at least half of the interval. */
export const LIMITS = [
  /** This end's application gave nothing more to send. */
  "application",
  /** The peer's window was closed: its application reads slowly, or its receive buffer is small. */
  "receiver-window",
  /** This end's send buffer was too small for the path. */
  "send-buffer",
  /** Congestion control let no more out: its window was full, or its pace reached. */
  "congestion-window",
  /** What was sent got lost, and was sent again. */
  "lossy",
  /** Nothing was sent or received, and nothing waits. */
  "idle",
  /** This end's application reads slowly: what it has not read closes the window that the peer may use. */
  "reader",
] as const;

export type Limit = (typeof LIMITS)[number];

/** The word, and the evidence for it: what one connection's sending waited for in one interval. Shares are from 0 to 1. */
export interface Limits {
  /** Null when nothing was so for at least half of the interval, and when it can't be told. */
  readonly limitedBy: Limit | null;
  /** Share of the interval in which there was something to send, or to be acknowledged. */
  readonly busyShare: number;
  /** Shares of the interval in which that waited for the peer's window, and for this end's send buffer. */
  readonly receiverWindowShare: number;
  readonly sendBufferShare: number;
  /** Of the payload sent, what was sent again; null when nothing was sent. */
  readonly retransShare: number | null;
}
