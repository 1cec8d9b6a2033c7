/** One cumulative counter of one connection: what was counted of it, and its rate. */
export interface Meter {
  /** The last known value; null while there is none to count from. */
  bytes: number | null;
  /** Whether the last reading knew the value: without that no rate can be measured from it. */
  isKnown: boolean;
  /** Bytes/s; null when not known. */
  rate: number | null;
}

/** A meter that counts from its first reading: of a connection that is older than the collector. */
export function meterFromFirstReading(): Meter {
  return { bytes: null, isKnown: false, rate: null };
}

/** Lets the meter count from zero: of a connection that was born while the collector ran. */
export function countFromZero(meter: Meter): void {
  meter.bytes = 0;
  meter.isKnown = true;
}

/**
 * Takes a newer value and gives the bytes moved since the last known one. `elapsedNs` is the time since the last reading,
 * null when there was none.
 *
 * The result is negative when the counter went back, as it can by a byte around a FIN since walks read without
 * locks; the rate is 0 then. An unknown value moves nothing, and the next known one counts from the last known.
 */
export function advance(meter: Meter, bytes: number | null, elapsedNs: number | null): number {
  const moved = bytes === null || meter.bytes === null ? 0 : bytes - meter.bytes;
  const hasRate = bytes !== null && meter.isKnown && elapsedNs !== null;
  meter.rate = hasRate ? perSecond(moved, elapsedNs) : null;
  meter.bytes = bytes ?? meter.bytes;
  meter.isKnown = bytes !== null;
  return moved;
}

/** The rate of what moves nothing any more; what was unknown stays so. */
export function stop(meter: Meter): void {
  if (meter.rate !== null) meter.rate = 0;
}

/** A rate by the second, never negative; null when no time has passed. */
export function perSecond(count: number, elapsedNs: number): number | null {
  return elapsedNs > 0 ? Math.max(0, (count * 1e9) / elapsedNs) : null;
}
