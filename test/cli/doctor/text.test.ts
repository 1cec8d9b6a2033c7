import { describe, expect, test } from "vitest";
import { doctorText } from "../../../src/cli/doctor/text.js";
import { exampleReport } from "./example-report.js";

const PLAIN = { colours: false };

test("the report, line by line", async () => {
  await expect(doctorText(exampleReport(), PLAIN)).toMatchFileSnapshot("../../golden/doctor.txt");
});

test("a host without anything", async () => {
  const bare = exampleReport({
    libbpf: null,
    libbpfMend:
      "install libbpf: `apt install libbpf1` (Debian 12, Ubuntu 24.04 and later), `apk add libbpf` (Alpine)",
    hasKernelBtf: false,
    lockdown: null,
    unprivilegedBpfDisabled: null,
    perfEventParanoid: null,
    cgroupMount: null,
    namespaces: [{ kind: "user", inode: null, isInitial: null }],
    capabilitiesHeld: [],
    capabilities: [],
    rungs: [
      {
        rung: "proc",
        works: false,
        lacks: "",
        limits: [],
        reason: "can't read it",
        mend: "mount it",
        remedy: null,
      },
    ],
    taken: null,
  });
  await expect(doctorText(bare, PLAIN)).toMatchFileSnapshot("../../golden/doctor-bare.txt");
});

describe("on a terminal", () => {
  test("80 columns are enough", () => {
    const lines = doctorText(exampleReport(), PLAIN).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  test("colours change nothing but colours", () => {
    const coloured = doctorText(exampleReport(), { colours: true });
    expect(coloured).toContain("\u001b[32myes\u001b[0m");
    expect(coloured).toContain("\u001b[31mno\u001b[0m");
    const bare = ["32", "31", "2", "0"].reduce(
      (text, code) => text.replaceAll(`\u001b[${code}m`, ""),
      coloured,
    );
    expect(bare).toBe(doctorText(exampleReport(), PLAIN));
  });
});
