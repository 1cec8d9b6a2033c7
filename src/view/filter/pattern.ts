type Test = (text: string) => boolean;

/**
 * What `~` asks: case does not matter. Without `*` and `?` the text has to contain the pattern; with them all of the text has to
 * fit it, as a shell does with names of files: `*` is anything, `?` one character, and a backslash takes the next as it is.
 * No regular expressions: of those some take for ever, on names that anybody on the host can choose.
 */
export function compilePattern(pattern: string): Test {
  const symbols = readSymbols(pattern.toLowerCase());
  if (symbols.every((symbol) => symbol !== ANY && symbol !== ONE)) {
    const wanted = symbols.join("");
    return (text) => text.toLowerCase().includes(wanted);
  }
  return (text) => fits([...text.toLowerCase()], symbols);
}

const ANY = Symbol("any characters");
const ONE = Symbol("one character");
type PatternSymbol = string | typeof ANY | typeof ONE;

function readSymbols(pattern: string): readonly PatternSymbol[] {
  const symbols: PatternSymbol[] = [];
  let isLiteral = false;
  for (const character of pattern) {
    if (!isLiteral && character === "\\") {
      isLiteral = true;
      continue;
    }
    symbols.push(isLiteral ? character : symbolOf(character));
    isLiteral = false;
  }
  // A backslash at the end takes nothing: it is one.
  if (isLiteral) symbols.push("\\");
  return symbols;
}

function symbolOf(character: string): PatternSymbol {
  if (character === "*") return ANY;
  return character === "?" ? ONE : character;
}

/**
 * Whether all characters fit. On a mismatch only the last `*` takes one character more: an earlier one need not, since
 * what is between them has been found at its first place. So the time is at most the product of both lengths.
 */
function fits(characters: readonly string[], symbols: readonly PatternSymbol[]): boolean {
  let at = 0;
  let next = 0;
  let afterAny = -1;
  let resumeAt = 0;
  while (at < characters.length) {
    const symbol = symbols[next];
    if (symbol === ANY) {
      next += 1;
      afterAny = next;
      resumeAt = at;
    } else if (symbol === ONE || (symbol !== undefined && symbol === characters[at])) {
      at += 1;
      next += 1;
    } else if (afterAny >= 0) {
      resumeAt += 1;
      at = resumeAt;
      next = afterAny;
    } else {
      return false;
    }
  }
  while (symbols[next] === ANY) next += 1;
  return next === symbols.length;
}
