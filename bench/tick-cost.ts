import { BareWalk, type WalkCost } from "./bare-walk.js";
import { SS, SS_WITHOUT_OWNERS } from "./commands.js";
import type { CommandTimer, Cost } from "./cost.js";
import type { HeldConnections } from "./held-connections.js";
import type { Plan } from "./plan.js";
import { type Row, row, type Section, spread } from "./report.js";
import { type TickCost, Ticker } from "./ticker.js";

const MIN_PEER_RUNS = 3;

/** What one tick costs with connections that were there before, and `ss` in the same rounds. */
export async function tickCost(held: HeldConnections, timer: CommandTimer, plan: Plan): Promise<Section> {
  const ticker = await Ticker.open();
  const walk = new BareWalk();
  try {
    for (let tick = 0; tick < plan.warmTicks; tick++) {
      await walk.walk();
      await tickOver(ticker, held, held.count);
    }
    const quiet = await besidePeer(ticker, walk, held, timer, plan);
    const someActive = await ticks(ticker, held, Math.ceil(held.count / 10), plan.ticks);
    const allActive = await ticks(ticker, held, held.count, plan.ticks);
    const title = `A tick over ${held.count} connections (${2 * held.count} sockets)`;
    return { title, rows: [...quietRows(quiet), ...activeRows(quiet.ticks, someActive, allActive)] };
  } finally {
    walk.close();
    ticker.close();
  }
}

interface Rounds {
  readonly ticks: readonly TickCost[];
  readonly walks: readonly WalkCost[];
  readonly peer: readonly Cost[];
  readonly peerWithoutOwners: readonly Cost[];
}

/** Quiet ticks, each in one round with the peer; the peer sits out the last rounds where it would take too long. */
async function besidePeer(
  ticker: Ticker,
  walk: BareWalk,
  held: HeldConnections,
  timer: CommandTimer,
  plan: Plan,
): Promise<Rounds> {
  const rounds = {
    ticks: [] as TickCost[],
    walks: [] as WalkCost[],
    peer: [] as Cost[],
    peerWithoutOwners: [] as Cost[],
  };
  // One to start with: the rates of the warm ticks come to rest.
  await tickOver(ticker, held, 0);
  let peerMs = 0;
  for (let round = 0; round < plan.ticks; round++) {
    // As after the sleep that a tick begins with: what sleeps has cold caches.
    await held.move(0);
    rounds.walks.push(await walk.walk());
    rounds.ticks.push(await tickOver(ticker, held, 0));
    if (round >= MIN_PEER_RUNS && peerMs > plan.ssBudgetMs) continue;
    const peer = await timer.whole(SS);
    rounds.peer.push(peer);
    rounds.peerWithoutOwners.push(await timer.whole(SS_WITHOUT_OWNERS));
    peerMs += peer.wallMs;
  }
  return rounds;
}

async function ticks(
  ticker: Ticker,
  held: HeldConnections,
  active: number,
  count: number,
): Promise<readonly TickCost[]> {
  const costs: TickCost[] = [];
  for (let tick = 0; tick < count; tick++) costs.push(await tickOver(ticker, held, active));
  return costs;
}

/** A tick after `active` connections moved bytes. One that does not see all of them was not worth measuring. */
async function tickOver(ticker: Ticker, held: HeldConnections, active: number): Promise<TickCost> {
  await held.move(active);
  const cost = await ticker.tick();
  if (cost.open < 2 * held.count)
    throw new Error(`tcptop shows ${cost.open} of ${2 * held.count} open sockets`);
  return cost;
}

const WALL = { name: "tick, wall", of: (tick: TickCost) => tick.sample.wallMs + tick.apply.wallMs };
const CPU = { name: "tick, CPU", of: (tick: TickCost) => tick.sample.cpuMs + tick.apply.cpuMs };

function quietRows({ ticks, walks, peer, peerWithoutOwners }: Rounds): readonly Row[] {
  const wall = { name: WALL.name, values: ticks.map(WALL.of) };
  const cpu = { name: CPU.name, values: ticks.map(CPU.of) };
  const held = walks.map((walk) => walk.held.cpuMs);
  const others = walks.map((walk) => walk.others.cpuMs);
  const decode = ticks.map(({ sample }, run) => sample.cpuMs - (held[run] ?? 0) - (others[run] ?? 0));
  const engine = ticks.map(({ apply }) => apply.cpuMs);
  return [
    row(wall.name, "ms", wall.values),
    row(cpu.name, "ms", cpu.values),
    row("  walk over files, CPU", "ms", held, cpu),
    row("  walk over the rest, CPU", "ms", others, cpu),
    row("  decode (sample less walks), CPU", "ms", decode, cpu),
    row("  engine, CPU", "ms", engine, cpu),
    ...commandRows(SS, peer, wall, cpu),
    ...commandRows(SS_WITHOUT_OWNERS, peerWithoutOwners, wall, cpu),
  ];
}

interface Named {
  readonly name: string;
  readonly values: readonly number[];
}

function commandRows(
  command: readonly string[],
  costs: readonly Cost[],
  wall: Named,
  cpu: Named,
): readonly Row[] {
  const name = command.join(" ");
  return [
    row(
      `${name}, wall`,
      "ms",
      costs.map(({ wallMs }) => wallMs),
      wall,
    ),
    row(
      `${name}, CPU`,
      "ms",
      costs.map(({ cpuMs }) => cpuMs),
      cpu,
    ),
  ];
}

function activeRows(
  quiet: readonly TickCost[],
  someActive: readonly TickCost[],
  allActive: readonly TickCost[],
): readonly Row[] {
  const cases = [
    { name: "10 % active", ticks: someActive },
    { name: "all active", ticks: allActive },
  ];
  return cases.flatMap(({ name, ticks }) =>
    [WALL, CPU].map((measure) =>
      row(`${measure.name}, ${name}`, "ms", ticks.map(measure.of), {
        name: measure.name,
        values: [spread(quiet.map(measure.of)).median],
      }),
    ),
  );
}
