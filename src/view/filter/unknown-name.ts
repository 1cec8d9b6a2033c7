import { parseNetwork } from "../../model/ip-network.js";
import { nearestNames } from "../../model/nearest-names.js";
import { FIELDS } from "./fields.js";
import { type FilterError, quoteBack } from "./filter-error.js";
import { isUnit } from "./quantity.js";
import { SHORT_FORMS } from "./short-forms.js";
import { complainOf, type TokenReader } from "./token-reader.js";

/** What a condition can begin with. */
export const CONDITION_WORDS: readonly string[] = [
  ...new Set([...FIELDS.map(({ name }) => name), ...SHORT_FORMS.map(({ name }) => name), "not", "("]),
];

/** What somebody may have meant by a word. */
const NAMES: readonly string[] = CONDITION_WORDS.filter((word) => word !== "(");

/**
 * Words of filters for packets. A packet has a source; of a connection, in which both ends send, `src` could be this end (as ss
 * has it) or the one that opened it: whoever is not told which of them would take a wrong answer for a right one.
 */
const ENDS_OF_PACKETS: ReadonlySet<string> = new Set(["src", "dst"]);
const ENDS: ReadonlyMap<string, string> = new Map([
  ["host", "addr in"],
  ["net", "addr in"],
  ["port", "port ="],
  ["portrange", "port in"],
]);
/** As ss has them. */
const FOREIGN_NAMES: ReadonlyMap<string, string> = new Map([
  ["sport", "local_port"],
  ["dport", "remote_port"],
]);

/** What somebody may have meant who wrote a name that is none: the token that was taken last. */
export function unknownName(tokens: TokenReader): FilterError {
  const name = tokens.last;
  const text = name.text.toLowerCase();
  if (ENDS_OF_PACKETS.has(text)) {
    const problem = `packets have a ${text === "src" ? "source" : "destination"}, connections two ends`;
    return complainOf(name, problem, endsMend(tokens), CONDITION_WORDS);
  }
  return complainOf(name, "no such column", mendOf(text, tokens), CONDITION_WORDS);
}

/** After `src` or `dst`: the same of this end, and of the other. */
function endsMend(tokens: TokenReader): string {
  const { kind, text } = tokens.peek();
  const end = (kind === "word" ? ENDS.get(text.toLowerCase()) : undefined) ?? "addr in";
  const value = tokens.peek(ENDS.has(text.toLowerCase()) ? 1 : 0);
  const isValue = value.kind === "word" || value.kind === "text";
  const shown = isValue ? quoteBack(value.text) : "...";
  return `for this end write local_${end} ${shown}, for the other remote_${end} ${shown}`;
}

function mendOf(text: string, tokens: TokenReader): string {
  const foreign = FOREIGN_NAMES.get(text);
  if (foreign !== undefined) return `did you mean ${foreign}?`;
  const { beforeLast } = tokens;
  if (isUnit(tokens.last.text) && beforeLast !== null && /^[\d.]+$/.test(beforeLast.text)) {
    return `write ${beforeLast.text}${tokens.last.text}, without a space`;
  }
  const near = nearestNames(text, NAMES);
  if (near.length > 0) return `did you mean ${near.join(" or ")}?`;
  if (parseNetwork(text) !== null) return `did you mean host ${text}?`;
  if (/^\d+-\d+$/.test(text)) return `did you mean portrange ${text}?`;
  if (/^\d+$/.test(text)) return numberMend(text, tokens);
  if (/^[\w.-]{1,15}$/.test(text)) return `for a process of that name write comm ${text}`;
  return `columns are ${FIELDS.map((field) => field.name).join(", ")}`;
}

function numberMend(text: string, tokens: TokenReader): string {
  const [comma, next] = [tokens.peek(), tokens.peek(1)];
  if (comma.kind === "," && /^\d+$/.test(next.text)) return `did you mean port in (${text}, ${next.text})?`;
  return `did you mean port ${text} or pid ${text}?`;
}
