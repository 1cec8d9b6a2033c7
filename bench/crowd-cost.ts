import { buildProgram } from "./c-program.js";
import { Servant } from "./child.js";
import { SS } from "./commands.js";
import type { CommandTimer, Cost } from "./cost.js";
import type { Plan } from "./plan.js";
import { row, type Section, spread } from "./report.js";
import { type TickCost, Ticker } from "./ticker.js";

/** `ss` reads every descriptor of every process: more often would take minutes. */
const SS_RUNS = 2;

/** What a tick costs where many processes have many descriptors, few of which are sockets. */
export async function crowdCost(
  { processes, descriptors }: NonNullable<Plan["crowd"]>,
  timer: CommandTimer,
  plan: Plan,
): Promise<Section> {
  const crowd = new Servant(buildProgram("crowd"), [String(processes), String(descriptors)]);
  try {
    await crowd.answer();
    const ticks = await ticksOver(2 * processes, plan.crowdTicks);
    const ss: Cost[] = [];
    for (let run = 0; run < SS_RUNS; run++) ss.push(await timer.whole(SS));
    const wall = { name: "tick, wall", values: [spread(ticks.map(({ sample }) => sample.wallMs)).median] };
    const cpu = { name: "tick, CPU", values: [spread(ticks.map(({ sample }) => sample.cpuMs)).median] };
    const name = SS.join(" ");
    return {
      title: `${processes} processes with ${descriptors} descriptors each, two of them sockets`,
      rows: [
        row(
          "tick (sample only), wall",
          "ms",
          ticks.map(({ sample }) => sample.wallMs),
        ),
        row(
          "tick (sample only), CPU",
          "ms",
          ticks.map(({ sample }) => sample.cpuMs),
        ),
        row(
          `${name}, wall`,
          "ms",
          ss.map(({ wallMs }) => wallMs),
          wall,
        ),
        row(
          `${name}, CPU`,
          "ms",
          ss.map(({ cpuMs }) => cpuMs),
          cpu,
        ),
      ],
    };
  } finally {
    await crowd.end();
  }
}

/** The first is left out: processes become known, and code is compiled. */
async function ticksOver(rows: number, count: number): Promise<readonly TickCost[]> {
  const ticker = await Ticker.open();
  const ticks: TickCost[] = [];
  try {
    await ticker.tick();
    for (let tick = 0; tick < count; tick++) {
      const cost = await ticker.tick();
      if (cost.open < rows) throw new Error(`tcptop shows ${cost.open} of ${rows} open sockets`);
      ticks.push(cost);
    }
    return ticks;
  } finally {
    ticker.close();
  }
}
