import { wrapText } from "../../model/text-width.js";
import type { KeyBinding } from "../live/key-table.js";
import { shownKey } from "./hints.js";
import { EMPTY_LINE, type Line, line, type Span, span, spansWidth } from "./line.js";

/** Before the keys, and after them; also between what stands side by side. */
const GAP = 2;
/** Side by side stands what has this much each: narrower, most of it would be wrapped. */
const LEAST_WIDTH = 58;
const MOST_COLUMNS = 3;

/** Every key, from the table of keys; what it does on as many lines as that takes. Side by side where the screen is wide enough. */
export function helpLines(table: readonly KeyBinding[], columns: number): readonly Line[] {
  const count = Math.max(1, Math.min(MOST_COLUMNS, Math.floor((columns + GAP) / (LEAST_WIDTH + GAP))));
  const width = Math.floor((columns - (count - 1) * GAP) / count);
  const keysWidth = Math.max(...table.map((binding) => keysText(binding).length));
  const sections = sectionsOf(table).map((bindings) => sectionLines(bindings, keysWidth, width));
  return sideBySide(evenly(sections, count).map(joined), width);
}

function sectionsOf(table: readonly KeyBinding[]): readonly (readonly KeyBinding[])[] {
  const sections = new Map<string, KeyBinding[]>();
  for (const binding of table) {
    const section = sections.get(binding.section) ?? [];
    sections.set(binding.section, section);
    section.push(binding);
  }
  return [...sections.values()];
}

function sectionLines(bindings: readonly KeyBinding[], keysWidth: number, width: number): readonly Line[] {
  return [
    line([span(` ${bindings[0]?.section ?? ""}`, "title")], "title"),
    ...bindings.flatMap((binding) =>
      wrapText(binding.doc, width - keysWidth - 2 * GAP).map((doc, row) => {
        const keys = row === 0 ? keysText(binding) : "";
        return line([span(`  ${keys.padEnd(keysWidth)}  `, "key"), span(doc)]);
      }),
    ),
  ];
}

type Section = readonly Line[];

/** In so many columns, in their order from top to bottom, so that the tallest is as low as can be. */
function evenly(sections: readonly Section[], count: number): readonly (readonly Section[])[] {
  if (count === 1) return [sections];
  const splits = sections.map((_, taken) => [
    sections.slice(0, taken + 1),
    ...evenly(sections.slice(taken + 1), count - 1),
  ]);
  return splits.reduce((best, split) => (tallest(split) < tallest(best) ? split : best), [sections]);
}

function tallest(columns: readonly (readonly Section[])[]): number {
  return Math.max(...columns.map((sections) => joined(sections).length));
}

/** Below each other, an empty line between them. */
function joined(sections: readonly Section[]): readonly Line[] {
  return sections.flatMap((section, index) => (index === 0 ? section : [EMPTY_LINE, ...section]));
}

function sideBySide(columns: readonly (readonly Line[])[], width: number): readonly Line[] {
  const [only] = columns;
  if (only !== undefined && columns.length === 1) return only;
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    besideEachOther(
      columns.map((lines) => lines[row] ?? EMPTY_LINE),
      width,
    ),
  );
}

/** The last of them goes on to the edge of the screen. */
function besideEachOther(lines: readonly Line[], width: number): Line {
  const last = lines.at(-1) ?? EMPTY_LINE;
  const before = lines
    .slice(0, -1)
    .flatMap((one): readonly Span[] => [...filled(one, width), span(" ".repeat(GAP))]);
  return line([...before, ...last.spans], last.fill);
}

function filled({ spans, fill }: Line, width: number): readonly Span[] {
  return [...spans, span(" ".repeat(Math.max(0, width - spansWidth(spans))), fill)];
}

function keysText({ keys }: KeyBinding): string {
  return keys.map(shownKey).join(" ");
}
