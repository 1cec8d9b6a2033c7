import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FORCED_RUNG, withForcedRung } from "../live/forced-rung.js";
import { runProgram } from "../live/run-program.js";
import { START_NOTICES } from "../live/start-notices.js";
import { TCPTOP } from "../live/tcptop.js";

// kernel.unprivileged_bpf_disabled, 2 as Debian's kernels boot: whatever it is, root has its rung, and an ordinary user another, with the reason. For a kernel of
// one's own: who has set it to 1 can't set it back.

const SETTING = "/proc/sys/kernel/unprivileged_bpf_disabled";

function asNobody(
  words: string,
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  return runProgram("su", ["-s", "/bin/sh", "nobody", "-c", `${TCPTOP} ${words}`]);
}

test.each([0, 1])("%i: an ordinary user is told that root has more, and root has it", async (value) => {
  writeFileSync(SETTING, `${value}`);
  expect(readFileSync(SETTING, "utf8").trim()).toBe(`${value}`);
  const user = await asNobody("-b -n 1");
  expect(user.status).toBe(0);
  expect(user.stdout).toMatch(/\nrung user\n$/);
  expect(user.stderr).toMatch(
    /^tcptop: using rung user: [^\n]+ \(the kernel lets only privileged processes load BPF programs\); run tcptop as root, [^\n]+\n$/,
  );
  const told: { readonly unprivileged_bpf_disabled: number } = JSON.parse(
    (await asNobody("doctor -o json")).stdout,
  );
  expect(told.unprivileged_bpf_disabled).toBe(value);
  const root = await runProgram(TCPTOP, withForcedRung(["-b", "-n", "1"]));
  expect({ status: root.status, stderr: root.stderr }).toEqual({ status: 0, stderr: START_NOTICES });
  expect(root.stdout).toMatch(new RegExp(`\\nrung ${FORCED_RUNG}\\n$`));
});
