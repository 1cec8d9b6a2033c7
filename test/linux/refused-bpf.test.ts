import { expect, test } from "vitest";
import { setOf } from "../../src/linux/capabilities.js";
import {
  explainRefusedBpf,
  explainRefusedCall,
  explainRefusedReading,
  requireBpf,
  type Standing,
} from "../../src/linux/refused-bpf.js";
import type { Lockdown } from "../../src/linux/security-settings.js";

function standing(names: readonly string[], lockdown: Lockdown | null = null, isInitial = true): Standing {
  const effective = setOf(names);
  return {
    privileges: {
      ...{ inheritable: 0n, permitted: effective, effective, bounding: effective, ambient: 0n },
      hasNoNewPrivileges: false,
    },
    namespaces: [{ kind: "user", inode: 1, isInitial }],
    settings: { lockdown, unprivilegedBpfDisabled: 2, perfEventParanoid: 2 },
  };
}

const ALL = ["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"];

test("without a capability it is that, and it can be mended", () => {
  for (const missing of ALL) {
    const error = explainRefusedBpf("log", standing(ALL.filter((name) => name !== missing)));
    expect(error).toMatchObject({ code: "unavailable", remedy: "privilege", detail: "log" });
    expect(error.mend).toMatch(/as root, or with CAP_BPF/);
  }
});

test.each<readonly [string, Standing, RegExp]>([
  ["lockdown", standing(ALL, "confidentiality"), /lockdown \(confidentiality\)/],
  ["lockdown, as root", standing(["CAP_SYS_ADMIN"], "confidentiality"), /lockdown \(confidentiality\)/],
  ["what the kernel does not tell", standing(ALL, "integrity"), /security policy/],
])("with all of them it is named as what it is, without a mend: %s", (_, held, words) => {
  const error = explainRefusedBpf("log", held);
  expect(error.message).toMatch(words);
  expect(error).toMatchObject({ mend: "", remedy: "policy" });
});

test("root of a user namespace is not root", () => {
  const error = explainRefusedBpf("log", standing(["CAP_SYS_ADMIN"], null, false));
  expect(error.message).toMatch(/user namespace/);
  expect(error.mend).toBe("run tcptop as root of the host");
});

test("what can't succeed is refused at once, and nothing else", () => {
  for (const enough of [["CAP_SYS_ADMIN"], ["CAP_BPF", "CAP_PERFMON"]]) {
    expect(() => requireBpf(standing(enough, "integrity"))).not.toThrow();
  }
  for (const little of [[], ["CAP_BPF"], ["CAP_PERFMON", "CAP_NET_ADMIN"]]) {
    expect(() => requireBpf(standing(little, "confidentiality"))).toThrow(/only privileged processes/);
  }
  expect(() => requireBpf(standing(ALL, "confidentiality"))).toThrow(/lockdown \(confidentiality\)/);
});

test.each([
  "0: R1=ctx()\nprogram of this type cannot use helper bpf_probe_read#4\nprocessed 3 insns",
  "unknown func bpf_probe_read_kernel#113",
  "Reason:\n  The helper bpf_probe_read#4 is not allowed: this program type does not allow the helper.",
])("where the host does not tell of lockdown, the verifier does: %s", (log) => {
  expect(explainRefusedReading(log)).toMatchObject({
    message: expect.stringContaining("lockdown (confidentiality)"),
    ...{ code: "unavailable", mend: "", detail: log, remedy: "policy" },
  });
  expect(explainRefusedReading(log.replaceAll("probe_read", "loop"))).toBeNull();
});

test("bpf(2) itself can be hidden or forbidden; a program that the verifier rejects is something else", () => {
  const [EACCES, ENOSYS, EINVAL] = [13, 38, 22];
  expect(explainRefusedCall(null, ENOSYS, "log")).toMatchObject({
    message: expect.stringMatching(/^bpf\(2\) is not there/),
    ...{ remedy: "policy", detail: "log" },
  });
  expect(explainRefusedCall(null, EACCES, "log")?.message).toMatch(/refuses bpf\(2\)$/);
  expect(explainRefusedCall("tcp_state_changed", EACCES, "log")).toBeNull();
  expect(explainRefusedCall(null, EINVAL, "log")).toBeNull();
});
