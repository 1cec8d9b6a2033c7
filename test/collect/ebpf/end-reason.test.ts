import { describe, expect, test } from "vitest";
import { endReason } from "../../../src/collect/ebpf/end-reason.js";
import { type EndReason, TCP_STATES, type TcpState } from "../../../src/model/tcp.js";

describe("the socket's error tells, whatever the state", () => {
  test.each<[string, number, EndReason]>([
    ["EACCES", 13, "unreachable"],
    ["EPIPE", 32, "reset_by_peer"],
    ["ENONET", 64, "unreachable"],
    ["ENOPROTOOPT", 92, "unreachable"],
    ["ENETDOWN", 100, "unreachable"],
    ["ENETUNREACH", 101, "unreachable"],
    ["ECONNABORTED", 103, "aborted"],
    ["ECONNRESET", 104, "reset_by_peer"],
    ["ETIMEDOUT", 110, "timeout"],
    ["ECONNREFUSED", 111, "refused"],
    ["EHOSTDOWN", 112, "unreachable"],
    ["EHOSTUNREACH", 113, "unreachable"],
  ])("%s", (_name, errno, reason) => {
    for (const state of TCP_STATES) {
      expect(endReason(state, errno, false)).toBe(reason);
      expect(endReason(state, errno, true)).toBe(reason);
    }
  });
});

describe("without an error the state tells, and whether the peer's FIN had come", () => {
  test.each<[TcpState, EndReason, EndReason]>([
    // state that was left, without the peer's FIN, with it
    ["ESTABLISHED", "reset", "reset"],
    ["SYN_SENT", "closed", "closed"],
    ["SYN_RECV", "reset", "reset"],
    ["FIN_WAIT1", "reset", "reset"],
    ["FIN_WAIT2", "closed", "fin"],
    ["CLOSE_WAIT", "reset", "reset"],
    ["LAST_ACK", "fin", "fin"],
    ["CLOSING", "fin", "fin"],
    ["LISTEN", "closed", "closed"],
    ["CLOSE", "unknown", "fin"],
  ])("%s", (state, without, withFin) => {
    expect(endReason(state, 0, false)).toBe(without);
    expect(endReason(state, 0, true)).toBe(withFin);
  });
});
