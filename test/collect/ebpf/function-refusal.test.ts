import { expect, test } from "vitest";
import { explainFunctionRefusal } from "../../../src/collect/ebpf/function-refusal.js";
import { BpfRefusal } from "../../../src/linux/bpf-object.js";
import { TcptopError } from "../../../src/model/error.js";

const PROGRAMS = ["udp_sent"];

function refusal(program: string | null, errno: number): TcptopError {
  return new TcptopError("unavailable", "refused", "", {
    cause: new BpfRefusal(program, errno),
    detail: "log",
  });
}

test.each([
  [
    1,
    "it refuses them, though no privilege is missing: by a security policy (seccomp, or a security module), or as it was built",
  ],
  [7, "a function has as many programs attached as it can have"],
  [16, "a live patch or another tracer has a function"],
  [524, "it can't call programs from its functions"],
  [22, "Invalid argument"],
])("errno %i of a program on a function is told in words", (errno, words) => {
  const explained = explainFunctionRefusal(refusal("udp_sent", errno), PROGRAMS);
  expect(explained).toMatchObject({ code: "unavailable", detail: "log" });
  expect(explained.message).toContain(`fentry programs do not attach on this kernel: ${words}`);
});

test("what was refused otherwise stays as it is", () => {
  for (const error of [
    refusal("tcp_state_changed", 1),
    refusal(null, 1),
    new TcptopError("unavailable", "no privilege", "be root", {
      cause: new BpfRefusal("udp_sent", 1),
      remedy: "privilege",
    }),
    new TcptopError("unavailable", "this kernel has no BPF ring buffer", ""),
  ]) {
    expect(explainFunctionRefusal(error, PROGRAMS)).toBe(error);
  }
});
