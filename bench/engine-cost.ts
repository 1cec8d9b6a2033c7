import { ConnectionTable } from "../src/engine/connection-table.js";
import type { Sample } from "../src/model/sample.js";
import type { Plan } from "./plan.js";
import { row, type Section } from "./report.js";
import { SyntheticConnections } from "./synthetic-sample.js";

const BASELINE = "a Map asked for every cookie";

/** What the connection table makes of readings that are there already. No kernel, no second process: CPU time is wall time. */
export function engineCost(plan: Plan): Section {
  const count = plan.syntheticConnections;
  const cases = [
    { name: "none active", active: 0 },
    { name: "1 % active", active: Math.ceil(count / 100) },
    { name: "all active", active: count },
  ];
  const connections = new SyntheticConnections(count);
  const table = new ConnectionTable({ lingerMs: 0 });
  const joined = new Map(connections.next(0).sockets.map((reading) => [reading.cookie, reading.readNs]));
  const costs = cases.map(({ name, active }) => {
    const applyMs: number[] = [];
    const lookUpMs: number[] = [];
    for (let tick = -plan.syntheticWarmTicks; tick < plan.syntheticTicks; tick++) {
      const sample = connections.next(active);
      const lookUp = millisecondsOf(() => lookUpAll(joined, sample));
      const apply = millisecondsOf(() => table.apply(sample));
      if (tick < 0) continue;
      lookUpMs.push(lookUp);
      applyMs.push(apply);
    }
    return { name, applyMs, lookUpMs };
  });
  return {
    title: `The connection table alone: ${count} synthetic connections`,
    rows: [
      ...costs.map(({ name, applyMs, lookUpMs }) =>
        row(`apply, ${name}`, "ms", applyMs, { name: BASELINE, values: lookUpMs }),
      ),
      row(
        BASELINE,
        "ms",
        costs.flatMap(({ lookUpMs }) => lookUpMs),
      ),
    ],
  };
}

/** The least that any join of samples has to do. */
function lookUpAll(joined: Map<unknown, number>, sample: Sample): void {
  for (const { cookie, readNs } of sample.sockets)
    if (joined.get(cookie) !== readNs) joined.set(cookie, readNs);
}

function millisecondsOf(action: () => unknown): number {
  const begunMs = performance.now();
  action();
  return performance.now() - begunMs;
}
