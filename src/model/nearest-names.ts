/** A name of fewer letters is the beginning of much. */
const LEAST_BEGINNING = 4;

/**
 * The names that somebody who wrote `word` may have meant: those that contain it, or else those a slip or two away, or else
 * the longest that it begins with: `remote_address` for `remote_addr`.
 */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  const containing = names.filter((name) => wanted.length > 1 && name.includes(wanted));
  if (containing.length > 0) return containing;
  const most = wanted.length < 5 ? 1 : 2;
  const near = names.filter((name) => editDistance(wanted, name, most) <= most);
  if (near.length > 0) return near;
  const beginnings = names.filter((name) => name.length >= LEAST_BEGINNING && wanted.startsWith(name));
  return beginnings.toSorted((a, b) => b.length - a.length).slice(0, 1);
}

/** Levenshtein's distance; anything above `most` once it is sure to pass it. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
