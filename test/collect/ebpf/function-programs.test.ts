import { describe, expect, test } from "vitest";
import { CALL_FUNCTIONS, DATAGRAM_FUNCTIONS } from "../../../src/collect/ebpf/fentry-plan.js";
import { functionPrograms, programsFor } from "../../../src/collect/ebpf/function-programs.js";
import { TcptopError } from "../../../src/model/error.js";

const SEND = ["sk", "msg", "len"];
const FIXED: readonly (readonly [string, readonly string[]])[] = [
  ["udp_sendmsg", SEND],
  ["udpv6_sendmsg", SEND],
  ["udp_destroy_sock", ["sk"]],
  ["udpv6_destroy_sock", ["sk"]],
  ["tcp_sendmsg", ["sk", "msg", "size"]],
];

/** A kernel's functions: those that never changed, and these. */
function kernel(
  receive: readonly string[],
  accept: readonly string[],
  others: readonly (readonly [string, readonly string[]])[] = [],
): ReadonlyMap<string, readonly string[]> {
  const receives = ["udp_recvmsg", "udpv6_recvmsg", "tcp_recvmsg"].map((name) => [name, receive] as const);
  return new Map([...FIXED, ...receives, ["inet_csk_accept", accept], ...others]);
}

const ACCEPT = ["sk", "flags", "err", "kern"];
const APPEND_PAGE = ["ip_append_page", ["sk", "fl4", "page", "offset", "size", "flags"]] as const;

describe("programs go by the parameters that functions have", () => {
  test("Linux 5.12: noblock, and pages", () => {
    const known = kernel([...SEND, "noblock", "flags", "addr_len"], ACCEPT, [APPEND_PAGE]);
    const programs = programsFor(DATAGRAM_FUNCTIONS, known);
    expect(programs).toEqual([
      "udp_send_begins",
      "udp_sent",
      "udpv6_send_begins",
      "udpv6_sent",
      "udp_received_with_noblock",
      "udpv6_received_with_noblock",
      "udp_destroyed",
      "udpv6_destroyed",
      "udp_page_sent",
    ]);
    expect(programsFor(CALL_FUNCTIONS, known)).toEqual([
      "tcp_sent",
      "tcp_received_with_noblock",
      "tcp_accepted_with_flags",
    ]);
  });

  test("Linux 6.12: no noblock, no pages", () => {
    const known = kernel([...SEND, "flags", "addr_len"], ["sk", "arg"]);
    const programs = programsFor(DATAGRAM_FUNCTIONS, known);
    expect(programs).toContain("udp_received_with_addr_len");
    expect(programs).not.toContain("udp_page_sent");
    expect(programsFor(CALL_FUNCTIONS, known)).toEqual([
      "tcp_sent",
      "tcp_received_with_addr_len",
      "tcp_accepted",
    ]);
  });

  test("after addr_len had gone too", () => {
    const known = kernel([...SEND, "flags"], ["sk", "arg"]);
    expect(programsFor(DATAGRAM_FUNCTIONS, known)).toContain("udpv6_received");
    expect(programsFor(CALL_FUNCTIONS, known)).toContain("tcp_received");
  });
});

test("a function that is missing, or has parameters that are not known, is refused by name", () => {
  const functions = [functionPrograms("udp_sendmsg", [["sk msg len", "udp_sent"]])];
  expect(() => programsFor(functions, new Map())).toThrow("this kernel's BTF has no function udp_sendmsg");
  const changed = new Map([["udp_sendmsg", ["sk", "msg", "len", "cookie"]]]);
  expect(() => programsFor(functions, changed)).toThrow(
    "this kernel's udp_sendmsg(sk, msg, len, cookie) is not known to this version of tcptop",
  );
  expect(() => programsFor(functions, changed)).toThrow(TcptopError);
});
