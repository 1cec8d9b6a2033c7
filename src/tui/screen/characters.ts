/** Pairs of first and last: characters about whose width terminals agree. */
const AGREED = [
  ...[0x20, 0x2ff, 0x370, 0x52f, 0x2010, 0x2027, 0x2190, 0x2193, 0x2500, 0x25fc, 0x2800, 0x28ff],
  ...[0x3041, 0x3096, 0x30a1, 0x30ff, 0x4e00, 0x9fff, 0xac00, 0xd7a3, 0xff01, 0xff60],
];

/** Whether every terminal gives it as many columns as `characterWidth`. */
export function isWidthAgreed(codePoint: number): boolean {
  if (codePoint < 0x300) return true;
  for (let pair = 0; pair < AGREED.length; pair += 2) {
    if (codePoint >= (AGREED[pair] ?? 0) && codePoint <= (AGREED[pair + 1] ?? 0)) return true;
  }
  return false;
}
