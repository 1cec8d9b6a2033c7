import { setTimeout as sleep } from "node:timers/promises";

import {
  AttachedPrograms,
  buildPacketPrograms,
  PACKET_PROGRAMS,
  type ProgramSet,
  TCP_PROGRAMS,
  UDP_PROGRAMS,
} from "./attached-programs.js";
import { buildProgram } from "./c-program.js";
import { Servant } from "./child.js";
import type { Plan } from "./plan.js";
import { type Row, row, type Section } from "./report.js";
import { Ticker } from "./ticker.js";

/** Programs are attached, or are gone, and the load runs evenly again. */
const SETTLE_MS = 100;

/** One round of a load: see bench/load.c. */
interface Load {
  readonly kind: "connections" | "exchanges" | "datagrams" | "named-datagrams";
  readonly title: string;
  readonly one: string;
}

/** What runs beside the load in some of the slots. */
interface Company {
  readonly name: string;
  readonly pace: (load: Servant, slotMs: number) => Promise<Pace>;
}

const TCPTOP: Company = { name: "beside tcptop", pace: withTcptop };
const UDP_HOOKS = programs("UDP's programs attached", UDP_PROGRAMS);
const PACKETS = programs("counting in cgroup_skb", PACKET_PROGRAMS);

/** What tcptop costs a program that opens and closes connections all the time. */
export function connectionCost(plan: Plan): Promise<Section> {
  const load = { kind: "connections", title: "connections in a tight loop", one: "connection" } as const;
  return trafficCost(load, [programs("programs attached", TCP_PROGRAMS), TCPTOP], plan);
}

/** What it costs traffic on a TCP connection that stays, and what UDP's accounting costs that. */
export function exchangeCost(plan: Plan): Promise<Section> {
  const load = { kind: "exchanges", title: "exchanges on one connection", one: "exchange" } as const;
  buildPacketPrograms();
  return trafficCost(
    load,
    [programs("TCP's programs attached", TCP_PROGRAMS), UDP_HOOKS, PACKETS, TCPTOP],
    plan,
  );
}

/** What it costs datagrams, on connected sockets and on sockets that name their peer; and what packets would have cost. */
export async function* datagramCosts(plan: Plan): AsyncGenerator<Section> {
  const connected = {
    kind: "datagrams",
    title: "64 and 1,400 bytes by UDP, connected",
    one: "exchange",
  } as const;
  const named = {
    kind: "named-datagrams",
    title: "64 and 1,400 bytes by UDP, peers named",
    one: "exchange",
  } as const;
  buildPacketPrograms();
  for (const load of [connected, named]) yield await trafficCost(load, [UDP_HOOKS, PACKETS, TCPTOP], plan);
}

/** The load with one company, and in the slots before and after without any. */
interface Slot {
  readonly before: Pace;
  readonly during: Pace;
  readonly after: Pace;
}

async function trafficCost(load: Load, companies: readonly Company[], plan: Plan): Promise<Section> {
  const running = new Servant(buildProgram("load"), [load.kind]);
  try {
    await sleep(plan.slotMs);
    const slots = new Map(companies.map((company) => [company, [] as Slot[]]));
    let before = await withNothing(running, plan.slotMs);
    for (let round = 0; round < plan.slots; round++) {
      for (const [company, taken] of slots) {
        const during = await company.pace(running, plan.slotMs);
        const after = await withNothing(running, plan.slotMs);
        taken.push({ before, during, after });
        before = after;
      }
    }
    return { title: `The cost put on traffic: ${load.title}`, rows: rows(load, slots) };
  } finally {
    await running.end();
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

function programs(name: string, set: ProgramSet): Company {
  return {
    name,
    pace: async (load, slotMs) => {
      const attached = new AttachedPrograms(set);
      try {
        return await withNothing(load, slotMs);
      } finally {
        attached.close();
      }
    },
  };
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
function rows({ kind, one }: Load, slots: ReadonlyMap<Company, readonly Slot[]>): readonly Row[] {
  const measures = [
    { name: `${kind} a second`, unit: "1/s", of: ({ perSecond }: Pace) => perSecond },
    { name: `CPU time of one ${one}`, unit: "us", of: ({ cpuUs }: Pace) => cpuUs },
  ] as const;
  const all = [...slots.values()].flat();
  return measures.flatMap(({ name, unit, of }) => [
    row(
      `${name}, alone`,
      unit,
      all.map(({ before }) => of(before)),
    ),
    row(
      `${name}, alone once more`,
      unit,
      all.map(({ after }) => of(after)),
      {
        name: "the slot alone before it",
        values: all.map(({ before }) => of(before)),
      },
    ),
    ...[...slots].map(([company, taken]) =>
      row(
        `${name}, ${company.name}`,
        unit,
        taken.map(({ during }) => of(during)),
        {
          name: "the slots around it",
          values: taken.map(({ before, after }) => (of(before) + of(after)) / 2),
        },
      ),
    ),
  ]);
}
