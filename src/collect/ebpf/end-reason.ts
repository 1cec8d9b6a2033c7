import type { EndReason, TcpState } from "../../model/tcp.js";

/** Socket errors (asm-generic/errno.h) that the kernel sets before it closes a connection. */
const REASON_BY_ERRNO: ReadonlyMap<number, EndReason> = new Map([
  [13, "unreachable"], // EACCES: ICMPv6 says prohibited
  [32, "reset_by_peer"], // EPIPE: a RST in CLOSE_WAIT
  [64, "unreachable"], // ENONET: ICMP says isolated
  [92, "unreachable"], // ENOPROTOOPT: ICMP says that the host has no TCP
  [100, "unreachable"], // ENETDOWN
  [101, "unreachable"], // ENETUNREACH
  [103, "aborted"], // ECONNABORTED: SOCK_DESTROY
  [104, "reset_by_peer"], // ECONNRESET
  [110, "timeout"], // ETIMEDOUT
  [111, "refused"], // ECONNREFUSED
  [112, "unreachable"], // EHOSTDOWN
  [113, "unreachable"], // EHOSTUNREACH
]);

/** How a connection ended, from the state it left, the socket's error, and whether the peer's FIN had come. */
export function endReason(lastState: TcpState, errno: number, peerFin: boolean): EndReason {
  const byError = REASON_BY_ERRNO.get(errno);
  if (byError !== undefined) return byError;
  switch (lastState) {
    case "LAST_ACK":
    case "CLOSING":
      return "fin";
    case "FIN_WAIT2":
      return peerFin ? "fin" : "closed";
    case "SYN_SENT":
    case "LISTEN":
      return "closed";
    case "CLOSE":
      return peerFin ? "fin" : "unknown";
    default:
      // Neither an error nor both FINs: this end gave up (SO_LINGER 0, unread data at close, disconnect, data after close).
      return "reset";
  }
}
