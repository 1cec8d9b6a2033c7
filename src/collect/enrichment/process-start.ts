/** USER_HZ: what the kernel counts in towards user space, whatever its own HZ. */
const TICKS_PER_SECOND = 100;
/** Field 22 of /proc/<pid>/stat, counted from the state, which is field 3. */
const START_FIELD = 19;

/** When a process started, in clock ticks since boot, from its /proc/<pid>/stat; null when that is not one. */
export function startTicks(stat: string): number | null {
  // The name before it can have brackets and spaces, the fields after it can't.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[START_FIELD]);
  return stat.includes(")") && Number.isSafeInteger(ticks) ? ticks : null;
}

/** The same in ns on the clock of readings; rather too early than too late. */
export function startNs(ticks: number, suspendedNs: number): number {
  const tickNs = 1e9 / TICKS_PER_SECOND;
  // How long the host has slept is known to a tick.
  return suspendedNs === 0 ? ticks * tickNs : (ticks - 2) * tickNs - suspendedNs;
}
