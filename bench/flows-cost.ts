import { HeldConnections } from "./held-connections.js";
import type { Plan } from "./plan.js";
import { row, type Section, spread } from "./report.js";
import { type TickCost, Ticker } from "./ticker.js";

/** What a tick costs with many peers of one UDP socket, beside as many TCP sockets. */
export async function flowsCost(plan: Plan): Promise<Section> {
  const tcp = await ticksOver(plan, () => HeldConnections.open(plan.flows / 2), plan.flows);
  const udp = await ticksOver(plan, () => HeldConnections.openFlows(plan.flows), plan.flows);
  const cpu = ({ sample, apply }: TickCost) => sample.cpuMs + apply.cpuMs;
  const wall = ({ sample, apply }: TickCost) => sample.wallMs + apply.wallMs;
  const cases = [
    { name: "", of: ({ quiet }: Ticks) => quiet },
    { name: ", all active", of: ({ active }: Ticks) => active },
  ];
  const rows = cases.flatMap(({ name, of }) =>
    [
      { measure: "wall", value: wall },
      { measure: "CPU", value: cpu },
    ].flatMap(({ measure, value }) => {
      const peer = { name: `${plan.flows} TCP sockets`, values: [spread(of(tcp).map(value)).median] };
      return [
        row(`tick over ${plan.flows} TCP sockets${name}, ${measure}`, "ms", of(tcp).map(value)),
        row(`tick over ${plan.flows} UDP peers${name}, ${measure}`, "ms", of(udp).map(value), peer),
      ];
    }),
  );
  return { title: `A tick over ${plan.flows} peers of one UDP socket`, rows };
}

interface Ticks {
  readonly quiet: readonly TickCost[];
  readonly active: readonly TickCost[];
}

/** The collector starts first: UDP is counted from then on. */
async function ticksOver(plan: Plan, hold: () => Promise<HeldConnections>, rows: number): Promise<Ticks> {
  const ticker = await Ticker.open();
  try {
    const held = await hold();
    try {
      await ticks(ticker, held, plan.warmTicks, rows);
      return {
        active: await ticks(ticker, held, plan.ticks, rows, held.count),
        quiet: await ticks(ticker, held, plan.ticks, rows),
      };
    } finally {
      await held.close();
    }
  } finally {
    ticker.close();
  }
}

/** A tick that does not see all of them was not worth measuring. */
async function ticks(
  ticker: Ticker,
  held: HeldConnections,
  count: number,
  rows: number,
  active = 0,
): Promise<readonly TickCost[]> {
  const costs: TickCost[] = [];
  for (let tick = 0; tick < count; tick++) {
    await held.move(active);
    const cost = await ticker.tick();
    if (cost.open < rows) throw new Error(`tcptop shows ${cost.open} of ${rows} connections`);
    costs.push(cost);
  }
  return costs;
}
