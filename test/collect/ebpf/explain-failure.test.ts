import { expect, test } from "vitest";
import { explainLoadFailure } from "../../../src/collect/ebpf/explain-failure.js";
import type { Feature, FeatureAnswer } from "../../../src/linux/features.js";
import { TcptopError } from "../../../src/model/error.js";

const FAILURE = new TcptopError("unavailable", "the BPF program p does not load", "", { detail: "the log" });

function feature(name: string, minimumKernel: string, answer: FeatureAnswer): Feature {
  return { name, minimumKernel, probe: () => answer };
}

const YES = feature("tracepoint sock:inet_sock_set_state", "4.16", { kind: "yes" });
const NO_RING = feature("BPF ring buffer", "5.8", { kind: "no" });
const NO_COOKIES = feature("socket cookies for BPF tracing programs", "5.12", { kind: "no" });
const UNKNOWN = feature("BPF iterators", "5.8", {
  kind: "unknown",
  why: "the kernel does not describe its types",
});

test("features that the kernel lacks are the reason, each with its first kernel", () => {
  const error = explainLoadFailure(FAILURE, [YES, NO_RING, UNKNOWN, NO_COOKIES]);
  expect(error.oneLine()).toBe(
    "this kernel has no BPF ring buffer (Linux 5.8), socket cookies for BPF tracing programs (Linux 5.12); " +
      "run tcptop on a newer kernel",
  );
  expect(error.code).toBe("unavailable");
  expect(error.detail).toBe("the log");
  expect(error.cause).toBe(FAILURE);
});

test("where nothing is known to lack, the failure speaks for itself", () => {
  expect(explainLoadFailure(FAILURE, [YES, UNKNOWN])).toBe(FAILURE);
  expect(explainLoadFailure(FAILURE, [])).toBe(FAILURE);
});

test("a failure without a log is the detail", () => {
  const bare = new TcptopError("unavailable", "the file does not load", "");
  expect(explainLoadFailure(bare, [NO_RING]).detail).toBe("the file does not load");
});

test("a failure that knows its own mend on this kernel is not asked about", () => {
  for (const remedy of ["privilege", "package", "policy"] as const) {
    const known = new TcptopError("unavailable", "not for you", "be root", { remedy });
    expect(explainLoadFailure(known, [NO_RING])).toBe(known);
  }
});
