import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { characterWidth } from "../../../src/model/character-width.js";
import { isWidthAgreed } from "../../../src/tui/screen/characters.js";
import { encodeFrame } from "../../../src/tui/screen/frame.js";
import { RIGHT_HALF, Screen, type Size } from "../../../src/tui/screen/screen.js";
import { rgbColor } from "../../../src/tui/screen/style.js";
import { StyleTable } from "../../../src/tui/screen/style-table.js";
import { Emulator, type ShownCell } from "../emulator.js";
import { cellText } from "../screen-text.js";

const TIMEOUT_MS = 60_000;
const styles = new StyleTable();

/** What one step of drawing does to a screen. */
type Stroke = (screen: Screen) => void;

const someColor = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 255 }),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map(([red, green, blue]) => rgbColor(red, green, blue)),
);
const someStyle = fc
  .record({
    foreground: someColor,
    background: someColor,
    bold: fc.boolean(),
    dim: fc.boolean(),
    underline: fc.boolean(),
    reverse: fc.boolean(),
  })
  .map((look) => styles.id(look));
/** Few, so that neighbours often have the same. */
const fewStyles = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(styles.id({ bold: true, foreground: 2 })) },
  { weight: 1, arbitrary: someStyle },
);
const someWords = (characters: readonly string[]) =>
  fc.array(fc.constantFrom(...characters), { maxLength: 12 }).map((parts) => parts.join(""));
const AGREED = [..."abc 0.:", "  ", "─", "⣿", "é", "ß", "Я", "漢", "字", "한", "ａ", "かな"];
const MARKED = ["e\u0323\u0301", "x\u0308", "漢\u0301", "q\u0301\u0302\u0303", "\u0301", "กำ".slice(0, 1)];
const HOSTILE = [
  "\x1b[2J",
  "\x1b]0;x\x07",
  "\r\n",
  "\t",
  "\u009b31m",
  "\u202e",
  "\u200d",
  "\ud800",
  "\u00ad",
];

const strokes = (someText: fc.Arbitrary<string>): fc.Arbitrary<Stroke> =>
  fc.oneof(
    fc
      .record({
        x: fc.integer({ min: -2, max: 30 }),
        y: fc.integer({ min: -1, max: 8 }),
        text: someText,
        style: fewStyles,
        width: fc.integer({ min: 0, max: 30 }),
      })
      .map(
        ({ x, y, text, style, width }): Stroke =>
          (screen) => {
            screen.put(x, y, text, style, width);
          },
      ),
    fc
      .record({
        x: fc.nat(30),
        y: fc.nat(8),
        text: someText,
        style: fewStyles,
        width: fc.nat(20),
        alignment: fc.constantFrom("left" as const, "right" as const),
      })
      .map(
        ({ x, y, text, style, width, alignment }): Stroke =>
          (screen) => {
            screen.fit(x, y, text, style, width, alignment);
          },
      ),
    fc.record({ x: fc.nat(30), y: fc.nat(8), width: fc.nat(30), style: fewStyles }).map(
      ({ x, y, width, style }): Stroke =>
        (screen) =>
          screen.fill(x, y, width, style),
    ),
    fc.record({ x: fc.nat(30), y: fc.nat(8), width: fc.nat(30), style: fewStyles }).map(
      ({ x, y, width, style }): Stroke =>
        (screen) =>
          screen.restyle(x, y, width, () => style),
    ),
  );

const sizes = fc.record({ columns: fc.integer({ min: 2, max: 24 }), rows: fc.integer({ min: 1, max: 6 }) });

/** A frame is the one before with some strokes more, or one from a blank screen. */
interface FramePlan {
  readonly size: Size | null;
  readonly isNew: boolean;
  readonly strokes: readonly Stroke[];
}

const films = (
  someText: fc.Arbitrary<string>,
): fc.Arbitrary<{ readonly first: Size; readonly frames: readonly FramePlan[] }> =>
  fc.record({
    first: sizes,
    frames: fc.array(
      fc.record({
        size: fc.option(sizes, { freq: 5 }),
        isNew: fc.boolean(),
        strokes: fc.array(strokes(someText), { maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  });

/** Draws all frames, one over the other, and looks at the emulator after each. */
async function play(
  emulator: Emulator,
  film: { readonly first: Size; readonly frames: readonly FramePlan[] },
  look: (screen: Screen) => void,
): Promise<void> {
  await emulator.start(film.first);
  let shown: Screen | null = null;
  let size = film.first;
  for (const frame of film.frames) {
    if (frame.size !== null) {
      size = frame.size;
      emulator.resize(size);
    }
    const next = new Screen(size, "utf-8");
    if (!frame.isNew && shown !== null) copy(shown, next);
    for (const stroke of frame.strokes) stroke(next);
    // A resize moves what was there about, so that a terminal that was resized is drawn anew.
    await emulator.send(encodeFrame(frame.size === null ? shown : null, next, styles));
    look(next);
    shown = next;
  }
}

function copy(from: Screen, to: Screen): void {
  if (from.columns !== to.columns || from.rows !== to.rows) return;
  to.characters.set(from.characters);
  to.marks.set(from.marks);
  to.styles.set(from.styles);
}

function expectedCell(screen: Screen, x: number, y: number): ShownCell {
  const cell = y * screen.columns + x;
  const codePoint = screen.characters[cell] ?? 0;
  const style = styles.style(screen.styles[cell] ?? 0);
  if (codePoint === RIGHT_HALF) return { text: "", width: 0, style };
  const isWide = x + 1 < screen.columns && screen.characters[cell + 1] === RIGHT_HALF;
  return { text: cellText(screen, x, y), width: isWide ? 2 : 1, style };
}

/** The cells that do not look as the screen has them; a property compares ten thousands, `expect` is too slow for each. */
function wrongCells(
  emulator: Emulator,
  screen: Screen,
  isJudged: (x: number, y: number) => boolean = () => true,
): readonly string[] {
  const wrong: string[] = [];
  for (let y = 0; y < screen.rows; y++) {
    for (let x = 0; x < screen.columns; x++) {
      if (!isJudged(x, y)) continue;
      const shown = JSON.stringify(emulator.cell(x, y));
      const expected = JSON.stringify(expectedCell(screen, x, y));
      if (shown !== expected) wrong.push(`${x},${y}: ${shown} instead of ${expected}`);
    }
  }
  return wrong;
}

/** Not marks: the worst that a terminal does to those is to give them a column of their own. */
function isContested(codePoint: number): boolean {
  return !isWidthAgreed(codePoint) && characterWidth(codePoint) !== 0;
}

describe("after every frame", () => {
  test(
    "the terminal shows each cell of the screen in its style",
    async () => {
      const someText = someWords([...AGREED, ...MARKED, ...HOSTILE]);
      const emulator = new Emulator({ columns: 10, rows: 5 });
      await fc.assert(
        fc.asyncProperty(films(someText), (film) =>
          play(emulator, film, (screen) => expect(wrongCells(emulator, screen)).toEqual([])),
        ),
        { numRuns: 300 },
      );
    },
    TIMEOUT_MS,
  );

  test.each<[string, (emulator: Emulator) => void]>([
    ["narrower", () => {}],
    ["wider", (emulator) => emulator.takeForWide(isContested)],
  ])(
    "characters that the terminal takes for %s harm no other cell",
    async (_, prepare) => {
      const contested = [
        "🙂",
        "👩‍👩‍👧",
        "🏳️‍🌈",
        "🇩🇪",
        "☁️",
        "👍🏽",
        "⌚",
        "1️⃣",
        "𝐀",
        "q\u0301",
        "q\u0301\u0302",
      ];
      const emulator = new Emulator({ columns: 10, rows: 5 });
      prepare(emulator);
      await fc.assert(
        fc.asyncProperty(films(someWords([..."abc ", ...contested])), (film) =>
          play(emulator, film, (screen) => {
            const isJudged = (x: number, y: number): boolean => {
              const cell = y * screen.columns + x;
              const codePoint = screen.characters[cell] ?? 0;
              return codePoint !== RIGHT_HALF && isWidthAgreed(codePoint) && screen.marks[cell] === 0;
            };
            expect(wrongCells(emulator, screen, isJudged)).toEqual([]);
          }),
        ),
        { numRuns: 200 },
      );
    },
    TIMEOUT_MS,
  );
});

const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/** What is sent for a change, without the marks around a frame. */
function sentFor(before: Stroke, after: Stroke, size: Size = { columns: 20, rows: 3 }): string {
  const [previous, next] = [new Screen(size, "utf-8"), new Screen(size, "utf-8")];
  before(previous);
  after(next);
  const sent = encodeFrame(previous, next, styles);
  if (sent === "") return "";
  expect(sent.startsWith(BEGIN) && sent.endsWith(END)).toBe(true);
  return sent.slice(BEGIN.length, -END.length);
}

const puts =
  (text: string, x = 0, y = 0, style = 0): Stroke =>
  (screen) => {
    screen.put(x, y, text, style);
  };

describe("a frame sends no more than it must", () => {
  const bold = styles.id({ bold: true });
  test.each<[string, Stroke, Stroke, string]>([
    ["nothing for no change", puts("same"), puts("same"), ""],
    ["one cell", puts("a1b"), puts("a2b"), "\x1b[1;2H2"],
    ["a gap of a few cells again", puts("1abc1"), puts("2abc2"), "\x1b[H2abc2"],
    ["a move over a longer gap", puts("1abcde1"), puts("2abcde2"), "\x1b[H2\x1b[5C2"],
    [
      "a move over a gap in another style",
      puts("x1", 0, 0, bold),
      puts("y1", 0, 0, bold),
      "\x1b[H\x1b[1my\x1b[m",
    ],
    [
      "a line break to the row below",
      () => {},
      (screen) => {
        puts("ab")(screen);
        puts("cd", 0, 1)(screen);
      },
      "\x1b[Hab\r\ncd",
    ],
    [
      "an address for any other",
      () => {},
      (screen) => {
        puts("ab")(screen);
        puts("cd", 3, 2)(screen);
      },
      "\x1b[Hab\x1b[3;4Hcd",
    ],
    ["blanks for a few", puts("abcdef"), puts("abc"), "\x1b[1;4H   "],
    ["an erasure for many", puts("abcdefgh"), puts("abc"), "\x1b[1;4H\x1b[K"],
    [
      "no erasure over a background",
      puts("abcdefgh"),
      (screen) => screen.fill(0, 0, 8, styles.id({ background: 4 })),
      `\x1b[H\x1b[44m${" ".repeat(8)}\x1b[m`,
    ],
    ["a contested width with its place", () => {}, puts("☁x"), "\x1b[H \x1b[H☁\x1b[1;2Hx"],
    [
      "the cursor where it is shown",
      () => {},
      (screen) => {
        screen.cursor = { x: 2, y: 1 };
      },
      "\x1b[2;3H\x1b[?25h",
    ],
    [
      "the cursor's end",
      (screen) => {
        screen.cursor = { x: 2, y: 1 };
      },
      () => {},
      "\x1b[?25l",
    ],
    [
      "a hidden cursor while it draws",
      (screen) => {
        screen.cursor = { x: 2, y: 1 };
      },
      (screen) => {
        puts("a")(screen);
        screen.cursor = { x: 1, y: 0 };
      },
      "\x1b[?25l\x1b[Ha\x1b[1;2H\x1b[?25h",
    ],
  ])("%s", (_, before, after, sent) => {
    expect(sentFor(before, after)).toBe(sent);
  });

  test("all rows anew when the size is another, without clearing what is shown", () => {
    const previous = new Screen({ columns: 5, rows: 2 }, "utf-8");
    const next = new Screen({ columns: 6, rows: 2 }, "utf-8");
    next.put(0, 0, "ab", 0);
    const whole = `${BEGIN}\x1b[m\x1b[Hab\x1b[K\r\n\x1b[K${END}`;
    expect(encodeFrame(previous, next, styles)).toBe(whole);
    expect(encodeFrame(null, next, styles)).toBe(whole);
  });
});
