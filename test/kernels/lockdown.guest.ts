import { expect, test } from "vitest";
import { readSecuritySettings } from "../../src/linux/security-settings.js";
import type { Rung } from "../../src/model/rung.js";
import { rowOf } from "../live/exactness.js";
import { FORCED_RUNG, withForcedRung } from "../live/forced-rung.js";
import { tcptopOfTest, trafficOfTest } from "../live/of-test.js";
import { runProgram } from "../live/run-program.js";
import { START_NOTICES } from "../live/start-notices.js";
import { TCPTOP } from "../live/tcptop.js";
import { HOST } from "./guest-settings.js";
import { refusalOf, TRIED_RUNGS } from "./matrix.js";

// A kernel that was booted locked down (kernel_lockdown(7)): with `confidentiality` BPF programs may not read its memory, with
// `integrity` they may. Each rung is true there, or not to be had, with the reason.

const { lockdown: MODE } = readSecuritySettings();
const WITH_BPF: readonly Rung[] = ["tracepoint", "fentry", "kprobe"];
const WHY = "kernel lockdown (confidentiality) keeps BPF programs from reading the kernel's memory";

/** Becomes the command that follows, in a mount namespace where nobody tells of lockdown. */
const UNTOLD = ["unshare", "-m", "sh", "-c", 'umount /sys/kernel/security && exec "$0" "$@"'];

const RUNG = forcedRung();

function forcedRung(): Rung {
  if (FORCED_RUNG === null) throw new Error("no rung is forced");
  return FORCED_RUNG;
}

function isRefused(rung: Rung): boolean {
  return MODE === "confidentiality" && WITH_BPF.includes(rung);
}

/** The best of the rungs that this kernel, so locked down, can give. */
function bestRung(): Rung | undefined {
  return TRIED_RUNGS.find((rung) => !isRefused(rung) && refusalOf(HOST, rung) === null);
}

test("this kernel is locked down", () => {
  expect(MODE).toMatch(/^(?:integrity|confidentiality)$/);
});

if (isRefused(RUNG)) {
  test.each([
    ["where the host tells of lockdown", [TCPTOP]],
    ["where it does not, and the kernel refuses the programs", [...UNTOLD, TCPTOP]],
  ])("forced: status 3, and one line that says why, %s", async (_, command) => {
    const [program = "", ...words] = command;
    const ended = await runProgram(program, [...words, ...withForcedRung(["-b", "-n", "1"])]);
    expect(ended).toMatchObject({
      status: 3,
      stdout: "",
      stderr: `tcptop: ${WHY}; leave --rung out, and tcptop takes another way\n`,
    });
  });
} else {
  test("forced: its rows are true", async () => {
    const tcptop = await tcptopOfTest();
    const traffic = await trafficOfTest("plain", "send");
    const frame = await tcptop.nextFrame();
    expect(frame.summary.rung).toBe(RUNG);
    for (const end of traffic.endpoints()) {
      // Not every rung has the sockets' names: by both ends alone.
      expect(rowOf(frame, { ...end, cookie: null })).toMatchObject({
        state: end.state,
        tx_bytes: RUNG === "proc" ? null : end.tx_bytes,
        rx_bytes: RUNG === "proc" ? null : end.rx_bytes,
      });
    }
    expect(await tcptop.stop()).toMatchObject({ status: 0, stderr: START_NOTICES });
  });
}

if (RUNG === TRIED_RUNGS[0]) {
  test("left to choose, tcptop takes the best that there is, with one line where that lacks something", async () => {
    const { status, stdout, stderr } = await runProgram(TCPTOP, ["-b", "-n", "1"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\nrung ${bestRung()}\\n$`));
    if (isRefused("kprobe")) expect(stderr).toMatch(/^tcptop: using rung netlink: [^\n]+\n$/);
    expect(stderr).toContain(isRefused("kprobe") ? `(${WHY})` : "");
  });

  test("doctor tells of the mode, and for each rung that it costs, why", async () => {
    const { status, stdout, stderr } = await runProgram(TCPTOP, ["doctor", "-o", "json"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { lockdown, rungs, taken }: Report = JSON.parse(stdout);
    expect({ lockdown, taken }).toEqual({ lockdown: MODE, taken: bestRung() });
    for (const { rung, works, reason, remedy } of rungs) {
      if (isRefused(rung)) expect({ rung, works, reason, remedy }).toEqual({ rung, ...REFUSED });
      else if (refusalOf(HOST, rung) === null) expect({ rung, works }).toEqual({ rung, works: true });
    }
  });
}

const REFUSED = { works: false, reason: WHY, remedy: "policy" };

interface Report {
  readonly lockdown: string | null;
  readonly taken: Rung | null;
  readonly rungs: readonly {
    readonly rung: Rung;
    readonly works: boolean | null;
    readonly reason: string | null;
    readonly remedy: string | null;
  }[];
}
