// Measures what tcptop costs, beside `ss` and beside its own absence. See docs/benchmarks.md.
import { parseArgs } from "node:util";

import { CommandTimer } from "./cost.js";
import { crowdCost } from "./crowd-cost.js";
import { engineCost } from "./engine-cost.js";
import { environment } from "./environment.js";
import { firstLine } from "./first-line.js";
import { flowsCost } from "./flows-cost.js";
import { HeldConnections } from "./held-connections.js";
import { liveCost } from "./live-cost.js";
import { DEFAULT_PLAN, type Plan, QUICK_PLAN } from "./plan.js";
import type { Report, Section } from "./report.js";
import { environmentText, sectionText } from "./report-text.js";
import { screenCost } from "./screen-cost.js";
import { tickCost } from "./tick-cost.js";
import { connectionCost, datagramCosts, exchangeCost } from "./traffic-cost.js";
import { viewCost } from "./view-cost.js";
import { wholeProcess } from "./whole-process.js";

const USAGE = 'usage: make bench ARGS="[--quick] [--json]"';
const WRONG_USAGE = 2;
const UNAVAILABLE = 3;

interface Options {
  readonly quick: boolean;
  readonly json: boolean;
}

function parseOptions(argv: readonly string[]): Options {
  try {
    const options = {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    } as const;
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return refuse(`${what}; ${USAGE}`, WRONG_USAGE);
  }
}

function refuse(why: string, status: number): never {
  console.error(`bench: ${why}`);
  process.exit(status);
}

async function* sections(plan: Plan): AsyncGenerator<Section> {
  const timer = new CommandTimer();
  for (const count of plan.connections) {
    const held = await HeldConnections.open(count);
    try {
      yield await tickCost(held, timer, plan);
      if (count <= plan.wholeProcessUpTo) {
        yield await wholeProcess(held, timer, plan);
        yield await firstLine(held, timer, plan);
      }
    } finally {
      await held.close();
    }
  }
  yield await connectionCost(plan);
  yield await exchangeCost(plan);
  yield* datagramCosts(plan);
  yield await flowsCost(plan);
  if (plan.crowd !== null) yield await crowdCost(plan.crowd, timer, plan);
  yield engineCost(plan);
  yield viewCost(plan);
  yield screenCost(plan);
  yield await liveCost(plan);
}

async function run({ quick, json }: Options): Promise<void> {
  const where = environment();
  const done: Section[] = [];
  if (!json) process.stdout.write(environmentText(where));
  for await (const section of sections(quick ? QUICK_PLAN : DEFAULT_PLAN)) {
    done.push(section);
    if (!json) process.stdout.write(sectionText(section));
  }
  const report: Report = { environment: where, sections: done };
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

const options = parseOptions(process.argv.slice(2));
if (process.platform !== "linux" || process.getuid?.() !== 0)
  refuse("it needs Linux, and root to load BPF programs", UNAVAILABLE);
// Through process.exit, so that the programs which were started end too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
await run(options);
