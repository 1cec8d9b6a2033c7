import { setTimeout as sleep } from "node:timers/promises";

import { AttachedPrograms } from "./attached-programs.js";
import { buildProgram } from "./c-program.js";
import { Servant } from "./child.js";
import type { Plan } from "./plan.js";
import { row, type Section } from "./report.js";
import { Ticker } from "./ticker.js";

/** Programs are attached, or are gone, and the load runs evenly again. */
const SETTLE_MS = 100;

/** What tcptop costs a program that opens and closes connections all the time. */
export function connectionCost(plan: Plan): Promise<Section> {
  return trafficCost("connections", "connection", plan);
}

/** What it costs traffic on a connection that stays: none of its programs runs for that. */
export function exchangeCost(plan: Plan): Promise<Section> {
  return trafficCost("exchanges", "exchange", plan);
}

/** The load with what is compared, and in the slots before and after without anything. */
interface Slots {
  readonly before: readonly Pace[];
  readonly during: readonly Pace[];
  readonly after: readonly Pace[];
}

async function trafficCost(
  kind: "connections" | "exchanges",
  one: "connection" | "exchange",
  plan: Plan,
): Promise<Section> {
  const load = new Servant(buildProgram("load"), [kind]);
  try {
    await sleep(plan.slotMs);
    const without = [await withNothing(load, plan.slotMs)];
    const during: Pace[] = [];
    for (let slot = 0; slot < plan.slots; slot++) {
      for (const company of [withPrograms, withTcptop]) {
        during.push(await company(load, plan.slotMs));
        without.push(await withNothing(load, plan.slotMs));
      }
    }
    const slots = { before: without.slice(0, -1), during, after: without.slice(1) };
    return { title: `The cost put on traffic: ${kind} in a tight loop`, rows: rows(kind, one, slots) };
  } finally {
    await load.end();
  }
}

/** How fast the load went, and the CPU time that each of its rounds took. */
interface Pace {
  readonly perSecond: number;
  readonly cpuUs: number;
}

async function withNothing(load: Servant, slotMs: number): Promise<Pace> {
  await sleep(SETTLE_MS);
  return pace(load, () => sleep(slotMs));
}

async function withPrograms(load: Servant, slotMs: number): Promise<Pace> {
  const programs = new AttachedPrograms();
  try {
    return await withNothing(load, slotMs);
  } finally {
    programs.close();
  }
}

/** With all of tcptop, and a tick in the middle. */
async function withTcptop(load: Servant, slotMs: number): Promise<Pace> {
  const ticker = await Ticker.open();
  try {
    await ticker.tick();
    await sleep(SETTLE_MS);
    return await pace(load, async () => {
      await sleep(slotMs / 2);
      await ticker.tick();
      await sleep(slotMs / 2);
    });
  } finally {
    ticker.close();
  }
}

async function pace(load: Servant, during: () => Promise<unknown>): Promise<Pace> {
  const before = await count(load);
  await during();
  const after = await count(load);
  const done = after.done - before.done;
  return {
    perSecond: (done * 1e9) / (after.wallNs - before.wallNs),
    cpuUs: (after.cpuNs - before.cpuNs) / 1000 / done,
  };
}

async function count(load: Servant) {
  const [done = 0, wallNs = 0, cpuNs = 0] = (await load.ask("count")).split(" ").map(Number);
  return { done, wallNs, cpuNs };
}

/** Each slot is compared with the two around it, so that a slow drift is no difference. */
function rows(kind: string, one: string, { before, during, after }: Slots): Section["rows"] {
  const measures = [
    { name: `${kind} a second`, unit: "1/s", of: ({ perSecond }: Pace) => perSecond },
    { name: `CPU time of one ${one}`, unit: "us", of: ({ cpuUs }: Pace) => cpuUs },
  ] as const;
  const isWithPrograms = (_: unknown, slot: number) => slot % 2 === 0;
  const isWithTcptop = (_: unknown, slot: number) => slot % 2 === 1;
  return measures.flatMap(({ name, unit, of }) => {
    const around = before.map((pace, slot) => (of(pace) + of(after[slot] ?? pace)) / 2);
    const to = (isThis: typeof isWithTcptop) => ({
      name: "the slots around it",
      values: around.filter(isThis),
    });
    return [
      row(`${name}, alone`, unit, before.map(of)),
      row(`${name}, alone once more`, unit, after.map(of), {
        name: "the slot alone before it",
        values: before.map(of),
      }),
      row(`${name}, programs attached`, unit, during.filter(isWithPrograms).map(of), to(isWithPrograms)),
      row(`${name}, beside tcptop`, unit, during.filter(isWithTcptop).map(of), to(isWithTcptop)),
    ];
  });
}
