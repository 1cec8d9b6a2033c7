/** Four bytes of a binary string as a dotted quad. */
export function ipv4Text(bytes: string): string {
  return `${bytes.charCodeAt(0)}.${bytes.charCodeAt(1)}.${bytes.charCodeAt(2)}.${bytes.charCodeAt(3)}`;
}

/** Sixteen bytes of a binary string in the form of RFC 5952: the longest run of zero groups, from two on, as `::`. */
export function ipv6Text(bytes: string): string {
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1));
  const { start, length } = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === 0) continue;
    if (at - start > best.length) best = { start, length: at - start };
    start = at + 1;
  }
  return best;
}
