import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { characterWidth } from "../../../src/model/character-width.js";
import { harmless } from "../../../src/model/text.js";
import { fitText, textWidth, truncateText } from "../../../src/model/text-width.js";
import { line, outsideSpan, span, spansWidth } from "../../../src/tui/draw/line.js";
import { paint } from "../../../src/tui/draw/paint.js";
import { isWidthAgreed } from "../../../src/tui/screen/characters.js";
import { encodeFrame } from "../../../src/tui/screen/frame.js";
import { Screen } from "../../../src/tui/screen/screen.js";
import { StyleTable } from "../../../src/tui/screen/style-table.js";
import { anyText } from "../../any-text.js";
import { Emulator } from "../emulator.js";

const TIMEOUT_MS = 60_000;
const NAME_COLUMNS = 12;
const CLUSTERS = [
  "👩‍👩‍👧‍👦",
  "🏳️‍🌈",
  "🇩🇪",
  "🇩",
  "👍🏽",
  "1️⃣",
  "e\u0301",
  "q\u0301\u0302",
  "\u0301",
  "क्षि",
  "กำ",
  "数",
  "한",
  "a",
  "ﷺ",
];

/** Names that terminals disagree about, and any others. */
const someName = fc
  .oneof(
    fc.array(fc.constantFrom(...CLUSTERS), { maxLength: 9 }).map((parts) => parts.join("")),
    fc.string({ unit: "grapheme" }),
    anyText(),
  )
  .map(harmless);

const look = () => 0;

/** Not marks: the worst that a terminal does to those is to give them a column of their own. */
function isWideSomewhere(codePoint: number): boolean {
  const width = characterWidth(codePoint);
  return width === 2 || (width !== 0 && !isWidthAgreed(codePoint));
}

describe.each(["utf-8", "ascii"] as const)("in %s", (charset) => {
  test(
    "a text takes as many columns of a screen as it is measured to",
    () => {
      fc.assert(
        fc.property(someName, fc.nat(20), (name, width) => {
          const screen = new Screen({ columns: 200, rows: 1 }, charset);
          expect(screen.put(0, 0, name, 0)).toBe(textWidth(name));
          expect(screen.put(0, 0, truncateText(name, width), 0)).toBeLessThanOrEqual(width);
          expect(screen.put(0, 0, fitText(name, width, "right"), 0)).toBe(width);
          expect(spansWidth([outsideSpan(name), span(" ")])).toBe(textWidth(name) + 1);
        }),
      );
    },
    TIMEOUT_MS,
  );
});

test.each<[string, (emulator: Emulator) => void]>([
  ["as they are", () => {}],
  ["for wider", (emulator) => emulator.takeForWide(isWideSomewhere)],
])(
  "what follows a name is in its place, where a terminal takes its characters %s",
  async (_, prepare) => {
    const size = { columns: 30, rows: 1 };
    const emulator = new Emulator(size);
    prepare(emulator);
    await fc.assert(
      fc.asyncProperty(someName, someName, async (before, after) => {
        await emulator.start(size);
        const styles = new StyleTable();
        let shown: Screen | null = null;
        for (const name of [before, after]) {
          const screen = new Screen(size, "utf-8");
          paint(screen, [line([span(fitText(name, NAME_COLUMNS, "left")), span("|443")])], look);
          await emulator.send(encodeFrame(shown, screen, styles));
          shown = screen;
          const cells = Array.from({ length: 4 }, (_, index) => emulator.cell(NAME_COLUMNS + index, 0).text);
          expect(cells.join("")).toBe("|443");
        }
      }),
      { numRuns: 300 },
    );
  },
  TIMEOUT_MS,
);
