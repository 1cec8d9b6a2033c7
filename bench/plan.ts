/** How much is measured: the default run takes some ten minutes at most, the quick one about one, most of both asleep or in `ss`. */
export interface Plan {
  /** Connections held open, one after another; each has two sockets, both here. */
  readonly connections: readonly number[];
  /** Beyond this many, only ticks are measured: the rest would take minutes. */
  readonly wholeProcessUpTo: number;
  /** Ticks before the measured ones: caches fill, code is compiled. */
  readonly warmTicks: number;
  readonly ticks: number;
  /** No further `ss` beside ticks once they took this long together; three there are at least. */
  readonly ssBudgetMs: number;
  /** Before a process is watched: programs load, code is compiled. */
  readonly wholeProcessWarmMs: number;
  readonly wholeProcessSeconds: number;
  readonly starts: number;
  /** Slots with the programs, and as many with all of tcptop, each between two with the load alone. */
  readonly slots: number;
  readonly slotMs: number;
  /** Peers of one UDP socket. */
  readonly flows: number;
  /** Processes, and descriptors of each; null where that would take too long. */
  readonly crowd: { readonly processes: number; readonly descriptors: number } | null;
  readonly crowdTicks: number;
  readonly syntheticConnections: number;
  readonly syntheticWarmTicks: number;
  readonly syntheticTicks: number;
  readonly drawnWarmFrames: number;
  readonly drawnFrames: number;
}

export const DEFAULT_PLAN: Plan = {
  connections: [1_000, 10_000, 50_000],
  wholeProcessUpTo: 10_000,
  warmTicks: 4,
  ticks: 7,
  ssBudgetMs: 15_000,
  wholeProcessWarmMs: 15_000,
  wholeProcessSeconds: 10,
  starts: 10,
  slots: 5,
  slotMs: 1_000,
  flows: 10_000,
  crowd: { processes: 20_000, descriptors: 100 },
  crowdTicks: 5,
  syntheticConnections: 100_000,
  syntheticWarmTicks: 60,
  syntheticTicks: 11,
  drawnWarmFrames: 300,
  drawnFrames: 201,
};

export const QUICK_PLAN: Plan = {
  connections: [1_000, 10_000],
  wholeProcessUpTo: 1_000,
  warmTicks: 3,
  ticks: 7,
  ssBudgetMs: 1_000,
  wholeProcessWarmMs: 1_500,
  wholeProcessSeconds: 2,
  starts: 4,
  slots: 3,
  slotMs: 300,
  flows: 10_000,
  crowd: null,
  crowdTicks: 0,
  syntheticConnections: 100_000,
  syntheticWarmTicks: 2,
  syntheticTicks: 7,
  drawnWarmFrames: 200,
  drawnFrames: 51,
};
