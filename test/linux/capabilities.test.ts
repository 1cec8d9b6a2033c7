import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { has, namesOf, numbersOf, readPrivileges, setOf } from "../../src/linux/capabilities.js";

const STATUS = `Name:\tcat
CapInh:\t0000000000000000
CapPrm:\t000000c000281004
CapEff:\t000000c000201004
CapBnd:\t000001ffffffffff
CapAmb:\t0000000000000004
NoNewPrivs:\t1
Seccomp:\t0
`;

describe("sets", () => {
  test("names have the numbers of the kernel", () => {
    expect(setOf(["CAP_CHOWN"])).toBe(1n);
    expect(setOf(["CAP_SYS_ADMIN"])).toBe(1n << 21n);
    expect(setOf(["CAP_CHECKPOINT_RESTORE", "CAP_CHOWN"])).toBe((1n << 40n) | 1n);
    expect(() => setOf(["CAP_NET_ADMINISTRATION"])).toThrow(/CAP_NET_ADMINISTRATION/);
  });

  test("back again, in the order of the numbers", () => {
    const set = setOf(["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"]);
    expect(namesOf(set)).toEqual(["CAP_NET_ADMIN", "CAP_PERFMON", "CAP_BPF"]);
    expect(numbersOf(set)).toEqual([12, 38, 39]);
    expect(namesOf(0n)).toEqual([]);
    expect(namesOf(1n << 63n)).toEqual(["CAP_63"]);
    expect([has(set, "CAP_BPF"), has(set, "CAP_KILL")]).toEqual([true, false]);
  });
});

describe("what a process may do", () => {
  test("every set", () => {
    const { permitted, effective, bounding, inheritable, ambient, hasNoNewPrivileges } =
      readPrivileges(STATUS);
    expect(namesOf(permitted & ~effective)).toEqual(["CAP_SYS_PTRACE"]);
    expect(numbersOf(bounding)).toHaveLength(41);
    expect([inheritable, namesOf(ambient)]).toEqual([0n, ["CAP_DAC_READ_SEARCH"]]);
    expect(hasNoNewPrivileges).toBe(true);
  });

  test("where that is not told, it is not guessed", () => {
    expect(() => readPrivileges("Name:\tcat\n")).toThrow(/no CapInh/);
  });

  test.runIf(process.platform === "linux")(
    "of this process, the same as the kernel's number of the last",
    () => {
      const last = Number(readFileSync("/proc/sys/kernel/cap_last_cap", "utf8"));
      expect(Math.max(...numbersOf(readPrivileges().bounding), 0)).toBeLessThanOrEqual(last);
      expect(readPrivileges().effective & ~readPrivileges().permitted).toBe(0n);
    },
  );
});
