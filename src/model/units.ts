const SCALES = ["", "k", "M", "G", "T", "P", "E"] as const;

/**
 * A count of bytes (or bytes/s) in three digits with a decimal prefix: `999`, `1.23k`, `45.6M`, `789G`.
 * Powers of 1000, as networks are rated.
 */
export function formatBytes(bytes: number): string {
  let scaled = Math.round(bytes);
  let scale = 0;
  // 999.5 is where three digits would round to "1000".
  while (scaled >= 999.5 && scale < SCALES.length - 1) {
    scaled /= 1000;
    scale += 1;
  }
  return scale === 0 ? scaled.toString() : threeDigits(scaled) + (SCALES[scale] ?? "");
}

/** A count of bytes with its unit; "-" for unknown. */
export function formatAmount(bytes: number | null): string {
  return bytes === null ? "-" : `${formatBytes(bytes)}B`;
}

/** Bytes/s with the unit; "-" for unknown. */
export function formatRate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? "-" : `${formatBytes(bytesPerSecond)}B/s`;
}

/** A duration in microseconds as a round trip is read: `85us`, `1.23ms`, `45.6ms`, `1.20s`. */
export function formatMicroseconds(us: number): string {
  const whole = Math.round(us);
  if (whole < 1000) return `${whole}us`;
  if (whole < 999_500) return `${threeDigits(whole / 1000)}ms`;
  return `${threeDigits(whole / 1_000_000)}s`;
}

/** A duration in milliseconds as an age is read, two units at most: `850ms`, `3.2s`, `12m03s`, `5h12m`, `3d04h`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole}ms`;
  if (whole < 59_950) return `${(whole / 1000).toFixed(1)}s`;
  const seconds = Math.round(whole / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) return `${minutes}m${twoDigits(seconds % 60)}s`;
  if (hours < 24) return `${hours}h${twoDigits(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${twoDigits(hours % 24)}h`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return value.toFixed(0);
}

function twoDigits(value: number): string {
  return value.toString().padStart(2, "0");
}
