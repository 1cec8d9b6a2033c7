import { wrapText } from "../../model/text-width.js";
import type { KeyBinding } from "../live/key-table.js";
import { shownKey } from "./hints.js";
import { EMPTY_LINE, type Line, line, span } from "./line.js";

/** Before the keys, and after them. */
const GAP = 2;

/** Every key, from the table of keys; what it does on as many lines as that takes. */
export function helpLines(table: readonly KeyBinding[], columns: number): readonly Line[] {
  const sections = new Map<string, KeyBinding[]>();
  for (const binding of table) {
    const section = sections.get(binding.section) ?? [];
    sections.set(binding.section, section);
    section.push(binding);
  }
  const width = Math.max(...table.map((binding) => keysText(binding).length));
  return [...sections].flatMap(([name, bindings], index) => [
    ...(index === 0 ? [] : [EMPTY_LINE]),
    line([span(` ${name}`, "title")], "title"),
    ...bindings.flatMap((binding) =>
      wrapText(binding.doc, columns - width - 2 * GAP).map((doc, row) => {
        const keys = row === 0 ? keysText(binding) : "";
        return line([span(`  ${keys.padEnd(width)}  `, "key"), span(doc)]);
      }),
    ),
  ]);
}

function keysText({ keys }: KeyBinding): string {
  return keys.map(shownKey).join(" ");
}
