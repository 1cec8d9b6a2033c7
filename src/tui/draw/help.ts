import type { KeyBinding } from "../live/key-table.js";
import { shownKey } from "./footer.js";
import { EMPTY_LINE, type Line, line, span } from "./line.js";

/** Every key, from the table of keys. */
export function helpLines(table: readonly KeyBinding[]): readonly Line[] {
  const sections = new Map<string, KeyBinding[]>();
  for (const binding of table) {
    const section = sections.get(binding.section) ?? [];
    sections.set(binding.section, section);
    section.push(binding);
  }
  const width = Math.max(...table.map((binding) => keysText(binding).length));
  return [...sections].flatMap(([name, bindings], index) => [
    ...(index === 0 ? [] : [EMPTY_LINE]),
    line([span(` ${name}`, "strong")]),
    ...bindings.map((binding) =>
      line([span(`  ${keysText(binding).padEnd(width)}  `, "key"), span(binding.doc)]),
    ),
  ]);
}

function keysText({ keys }: KeyBinding): string {
  return keys.map(shownKey).join(" ");
}
