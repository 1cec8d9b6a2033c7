import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { summariseLoadLog } from "../../src/linux/verifier-log.js";

/** What libbpf 1.1 said of programs that can't load, on Linux 6.18, and 7 (refused-reading, shortened). */
function logOf(failure: string): string {
  return readFileSync(new URL(`../fixtures/verifier/${failure}.log`, import.meta.url), "utf8");
}

describe("the verifier's last word, and the program that it was about", () => {
  test.each([
    ["out-of-bounds", "count_states", "value -17179869184 makes map_value pointer be out of bounds"],
    ["unreleased", "report_states", "BPF_EXIT instruction in main prog would lead to reference leak"],
    [
      "missing-field",
      "read_member",
      "failed to resolve CO-RE relocation <byte_off> [6] struct sock.sk_no_such_member (0:1 @ offset 4)",
    ],
  ])("%s", (failure, program, reason) => {
    expect(summariseLoadLog(logOf(failure))).toEqual({ program, reason });
  });
});

test("of Linux 7's sections, the reason", () => {
  expect(summariseLoadLog(logOf("refused-reading"))).toEqual({
    program: "datagram_sent_1",
    reason: "The helper bpf_probe_read#4 is not allowed: this program type does not allow the helper.",
  });
});

test("where the verifier was not asked, libbpf's first word", () => {
  expect(summariseLoadLog(logOf("missing-tracepoint"))).toEqual({
    program: "follow_nothing",
    reason: "prog 'follow_nothing': failed to find kernel BTF type ID of 'no_such_tracepoint': -3",
  });
});

test("a log that was cut short has no last word of the verifier's", () => {
  const log = logOf("out-of-bounds");
  const cut = log.slice(0, log.indexOf("11: (0f)"));
  expect(summariseLoadLog(cut)).toEqual({
    program: "count_states",
    reason: "prog 'count_states': BPF program load failed: Invalid argument",
  });
});

test("no log", () => {
  expect(summariseLoadLog("")).toEqual({ program: null, reason: "" });
});
