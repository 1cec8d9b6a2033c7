/** The states of a TCP socket, in the kernel's names and order (include/net/tcp_states.h), from 1. */
export const TCP_STATES = [
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
] as const;

export type TcpState = (typeof TCP_STATES)[number];

/** UDP has no states; `ss` calls a socket without a fixed peer UNCONN, and one with a peer ESTABLISHED. */
export const SOCKET_STATES = [...TCP_STATES, "UNCONN"] as const;

export type SocketState = (typeof SOCKET_STATES)[number];

/** How a connection ended. */
export const END_REASONS = [
  /** Both ends sent their FIN. */
  "fin",
  /** This end closed; the peer's FIN had not come when the kernel gave up the full socket. UDP: the socket was closed. */
  "closed",
  /** The peer sent RST. */
  "reset_by_peer",
  /** This end sent RST: SO_LINGER 0, unread data at close, a disconnect. */
  "reset",
  /** The peer answered our SYN with RST. */
  "refused",
  /** The peer stopped answering. */
  "timeout",
  /** The network said that the peer can't be reached. */
  "unreachable",
  /** The socket was destroyed from outside (SOCK_DESTROY, `ss -K`). */
  "aborted",
  /** UDP: nothing moved for as long as the time-out. */
  "idle",
  /** The connection is gone, and the record of its end was not had. */
  "unknown",
] as const;

export type EndReason = (typeof END_REASONS)[number];
