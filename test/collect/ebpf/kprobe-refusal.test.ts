import { expect, test } from "vitest";
import { explainKprobeRefusal, type KprobeHost } from "../../../src/collect/ebpf/kprobe-refusal.js";
import { BpfRefusal } from "../../../src/linux/bpf-object.js";
import { TcptopError } from "../../../src/model/error.js";

const PROGRAMS = ["udp_sent"];
const ORDINARY: KprobeHost = { hasKprobes: true, perfEventParanoid: 2 };

function refusal(program: string | null, errno: number): TcptopError {
  return new TcptopError("unavailable", "refused", "", {
    cause: new BpfRefusal(program, errno),
    detail: "log",
  });
}

test.each<readonly [number, Partial<KprobeHost>, string]>([
  [2, { hasKprobes: false }, "this kernel was built without kprobes (CONFIG_KPROBES"],
  [1, { hasKprobes: false }, "this kernel was built without kprobes (CONFIG_KPROBES"],
  [2, {}, "kprobes do not attach on this kernel: it has no function for udp_sent"],
  [13, {}, "only privileged processes attach kprobes (kernel.perf_event_paranoid is 2)"],
  [13, { perfEventParanoid: null }, "only privileged processes attach kprobes"],
  [22, {}, "it does not let the function of udp_sent be probed (Invalid argument)"],
  [12, { hasKprobes: null }, "kprobes do not attach on this kernel: Cannot allocate memory"],
])("errno %i with %o is told in words", (errno, host, words) => {
  const explained = explainKprobeRefusal(refusal("udp_sent", errno), PROGRAMS, () => ({
    ...ORDINARY,
    ...host,
  }));
  expect(explained).toMatchObject({ code: "unavailable", detail: "log" });
  expect(explained.message).toContain(words);
});

test("what was refused otherwise, and what has been said, stays as it is", () => {
  for (const error of [refusal("tcp_state_changed", 22), refusal(null, 22), refusal("udp_sent", 1)]) {
    expect(explainKprobeRefusal(error, PROGRAMS, () => ORDINARY)).toBe(error);
  }
});
