import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { endBySignal, tie } from "./child.js";
import { SS, TCPTOP } from "./commands.js";
import type { CommandTimer } from "./cost.js";
import type { HeldConnections } from "./held-connections.js";
import type { Plan } from "./plan.js";
import { cpuMsOf, residentMbOf, withChildren } from "./process-accounts.js";
import { row, type Section, spread } from "./report.js";

const COMMAND = [TCPTOP, "--batch", "-o", "table", "-d", "1"] as const;
const NAME = "tcptop -b -o table -d 1";
/** Without eBPF; its second process, which asks the kernel, is counted too. */
const BY_NETLINK = [...COMMAND, "--rung", "netlink"] as const;
const NAME_BY_NETLINK = `${NAME} --rung netlink`;
/** On a pseudo-terminal of 200x50, as somebody looks at it; its processes are counted too. */
const LIVE = ["script", "-qec", `stty columns 200 rows 50; exec ${TCPTOP} -d 1`, "/dev/null"] as const;
const NAME_LIVE = "tcptop on a terminal of 200x50";
const SS_RUNS = 5;

/** What tcptop takes of the host while it writes a whole table a second. */
export async function wholeProcess(held: HeldConnections, timer: CommandTimer, plan: Plan): Promise<Section> {
  const tcptop = await watch(start(COMMAND), plan.wholeProcessWarmMs, plan.wholeProcessSeconds);
  const netlink = await watch(start(BY_NETLINK), plan.wholeProcessWarmMs, plan.wholeProcessSeconds);
  const live = await watch(start(LIVE), plan.wholeProcessWarmMs, plan.wholeProcessSeconds);
  const node = await watch(start([process.execPath, "-e", "setInterval(() => {}, 1000)"]), 500, 1);
  const ss: number[] = [];
  for (let run = 0; run < SS_RUNS; run++) ss.push((await timer.whole(SS)).cpuMs / 10);
  return {
    title: `The whole process over ${held.count} connections (${2 * held.count} sockets)`,
    rows: [
      row(`${NAME}, CPU`, "% of a core", tcptop.cpuPercent),
      row(`${SS.join(" ")} once a second, CPU`, "% of a core", ss, {
        name: NAME,
        values: [spread(tcptop.cpuPercent).median],
      }),
      row(`${NAME_BY_NETLINK}, CPU`, "% of a core", netlink.cpuPercent, {
        name: NAME,
        values: [spread(tcptop.cpuPercent).median],
      }),
      row(`${NAME_LIVE}, CPU`, "% of a core", live.cpuPercent, {
        name: NAME,
        values: [spread(tcptop.cpuPercent).median],
      }),
      row(`${NAME}, resident`, "MB", tcptop.residentMb, { name: "node alone", values: node.residentMb }),
      row(`${NAME_BY_NETLINK}, resident`, "MB", netlink.residentMb),
      row(`${NAME_LIVE}, resident`, "MB", live.residentMb),
      row("node alone, resident", "MB", node.residentMb),
    ],
  };
}

interface Watched {
  readonly cpuPercent: readonly number[];
  readonly residentMb: readonly number[];
}

function start([program = "", ...args]: readonly string[]): ChildProcess {
  return tie(spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] }));
}

/** Reads the accounts of a process and its children once a second, then ends it. */
async function watch(child: ChildProcess, warmMs: number, seconds: number): Promise<Watched> {
  const { pid } = child;
  if (pid === undefined) throw new Error(`${child.spawnfile} does not start`);
  await sleep(warmMs);
  const cpuPercent: number[] = [];
  const residentMb: number[] = [];
  const pids = withChildren(pid);
  let before = { cpuMs: sum(pids.map(cpuMsOf)), atMs: performance.now() };
  for (let second = 0; second < seconds; second++) {
    await sleep(1000);
    const now = { cpuMs: sum(pids.map(cpuMsOf)), atMs: performance.now() };
    cpuPercent.push((100 * (now.cpuMs - before.cpuMs)) / (now.atMs - before.atMs));
    residentMb.push(sum(pids.map(residentMbOf)));
    before = now;
  }
  await endBySignal(child, "SIGTERM");
  return { cpuPercent, residentMb };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
