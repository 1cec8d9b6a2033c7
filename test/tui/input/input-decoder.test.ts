import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harmless } from "../../../src/model/text.js";
import { InputDecoder } from "../../../src/tui/input/input-decoder.js";
import type { InputEvent, MouseEvent } from "../../../src/tui/input/input-event.js";
import { MAX_PASTED_BYTES } from "../../../src/tui/input/paste-reader.js";

/** The events of a whole stream, each character of `text` a byte where it is below 256. */
function eventsOf(text: string): readonly InputEvent[] {
  return new InputDecoder().feed(Buffer.from(text, "latin1"));
}

function keysOf(text: string): readonly string[] {
  return eventsOf(text).map((event) => (event.kind === "key" ? event.key : event.kind));
}

function utf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

test.each([
  ["a", "a"],
  ["A", "A"],
  [" ", "space"],
  ["/", "/"],
  [utf8("é"), "é"],
  [utf8("数"), "数"],
  [utf8("🙂"), "🙂"],
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\x7f", "backspace"],
  ["\b", "backspace"],
  ["\x00", "ctrl+space"],
  ["\x03", "ctrl+c"],
  ["\x1a", "ctrl+z"],
  ["\x1c", "ctrl+\\"],
  ["\x1ba", "alt+a"],
  ["\x1bA", "alt+A"],
  [`\x1b${utf8("é")}`, "alt+é"],
  ["\x1b\r", "alt+enter"],
  ["\x1b\x01", "ctrl+alt+a"],
  ["\x1b\x7f", "alt+backspace"],
  ["\x1b ", "alt+space"],
  ["\x1b[A", "up"],
  ["\x1bOA", "up"],
  ["\x1b[1;5A", "ctrl+up"],
  ["\x1b[1;2B", "shift+down"],
  ["\x1b[1;3C", "alt+right"],
  ["\x1b[1;8D", "ctrl+alt+shift+left"],
  ["\x1b[1;133A", "ctrl+up"],
  ["\x1b[a", "shift+up"],
  ["\x1bOb", "ctrl+down"],
  ["\x1b[H", "home"],
  ["\x1b[4~", "end"],
  ["\x1b[8~", "end"],
  ["\x1b[5~", "page-up"],
  ["\x1b[6;5~", "ctrl+page-down"],
  ["\x1b[2~", "insert"],
  ["\x1b[3~", "delete"],
  ["\x1b[3$", "shift+delete"],
  ["\x1b[3^", "ctrl+delete"],
  ["\x1b[3@", "ctrl+shift+delete"],
  ["\x1b[Z", "shift+tab"],
  ["\x1bOP", "f1"],
  ["\x1b[11~", "f1"],
  ["\x1b[[A", "f1"],
  ["\x1b[[E", "f5"],
  ["\x1b[15~", "f5"],
  ["\x1b[24;2~", "shift+f12"],
  ["\x1b[1;5S", "ctrl+f4"],
  ["\x1bOM", "enter"],
  ["\x1bOp", "0"],
  ["\x1bOk", "+"],
  ["\x1b[97;5u", "ctrl+a"],
  ["\x1b[13;2u", "shift+enter"],
  ["\x1b[27;5;9~", "ctrl+tab"],
  ["\x1b[I", "focus"],
])("%j is %s", (bytes, key) => {
  expect(keysOf(bytes)).toEqual([key]);
  // It ends where it ends.
  expect(keysOf(`${bytes}x${bytes}`)).toEqual([key, "x", key]);
});

test("characters bring their text, other keys none", () => {
  expect(eventsOf("aA é\r\x1b[A\x01\x1ba".replace("é", utf8("é")))).toEqual([
    { kind: "key", key: "a", text: "a" },
    { kind: "key", key: "A", text: "A" },
    { kind: "key", key: "space", text: " " },
    { kind: "key", key: "é", text: "é" },
    { kind: "key", key: "enter", text: "" },
    { kind: "key", key: "up", text: "" },
    { kind: "key", key: "ctrl+a", text: "" },
    { kind: "key", key: "alt+a", text: "" },
  ]);
});

describe("mouse", () => {
  const plain = { kind: "mouse", button: null, x: 9, y: 4, shift: false, alt: false, ctrl: false } as const;
  test.each<[string, MouseEvent]>([
    ["\x1b[<0;10;5M", { ...plain, action: "press", button: "left" }],
    ["\x1b[<0;10;5m", { ...plain, action: "release", button: "left" }],
    ["\x1b[<2;10;5M", { ...plain, action: "press", button: "right" }],
    ["\x1b[<20;10;5M", { ...plain, action: "press", button: "left", shift: true, ctrl: true }],
    ["\x1b[<64;10;5M", { ...plain, action: "wheel-up" }],
    ["\x1b[<65;10;5M", { ...plain, action: "wheel-down" }],
    ["\x1b[<73;10;5M", { ...plain, action: "wheel-down", alt: true }],
    ["\x1b[<32;10;5M", { ...plain, action: "move", button: "left" }],
    ["\x1b[<35;10;5M", { ...plain, action: "move" }],
    ["\x1b[<0;99999999;5M", { ...plain, action: "press", button: "left", x: 65534 }],
    ["\x1b[M \x2a\x25", { ...plain, action: "press", button: "left" }],
    ["\x1b[M#\x2a\x25", { ...plain, action: "release" }],
    ["\x1b[M`\xff\x25", { ...plain, action: "wheel-up", x: 222 }],
  ])("%j", (bytes, event) => {
    expect(eventsOf(`${bytes}x`)).toEqual([event, { kind: "key", key: "x", text: "x" }]);
  });

  test.each([
    "\x1b[<0;0;5M",
    "\x1b[<0;5M",
    "\x1b[<128;1;1M",
    "\x1b[<65;1;1m",
    "\x1b[<0;1;1H",
    "\x1b[M\x01\x02\x03",
  ])("%j is nothing", (bytes) => {
    expect(keysOf(`${bytes}x`)).toEqual(["x"]);
  });
});

describe("paste", () => {
  const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;

  test("comes as one line without control characters", () => {
    const text = utf8("port 443\r\n\tand é\x1b[31m \u202e\x07x");
    expect(eventsOf(`a${paste(text)}b`)).toEqual([
      { kind: "key", key: "a", text: "a" },
      { kind: "paste", text: "port 443 and é[31m x" },
      { kind: "key", key: "b", text: "b" },
    ]);
  });

  test("is cut where it is too long, not within a character", () => {
    const [event] = eventsOf(paste(`x${utf8("é".repeat(MAX_PASTED_BYTES))}`));
    expect(event).toEqual({ kind: "paste", text: `x${"é".repeat(MAX_PASTED_BYTES / 2 - 1)}` });
  });

  test("ends with ctrl+c when its end does not come", () => {
    expect(keysOf("\x1b[200~abc\x03")).toEqual(["paste", "ctrl+c"]);
  });

  test("keeps what looks like its end for a while", () => {
    expect(eventsOf(paste("\x1b[20\x1b[200~"))).toEqual([{ kind: "paste", text: "[20[200~" }]);
  });
});

describe("replies and strings", () => {
  test.each([
    ["\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "]11;rgb:1e1e/1e1e/1e1e"],
    ["\x1b]11;rgb:ffff/ffff/ffff\x07", "]11;rgb:ffff/ffff/ffff"],
    ["\x1b[?62;22c", "[?62;22c"],
  ])("%j", (bytes, text) => {
    expect(eventsOf(`${bytes}x`)).toEqual([
      { kind: "reply", text },
      { kind: "key", key: "x", text: "x" },
    ]);
  });

  test.each([
    ["a device control string", "\x1bP1$r0m\x1b\\x", ["x"]],
    ["an unknown control sequence", "\x1b[12;5yx", ["x"]],
    ["a private control sequence", "\x1b[>0;276;0cx", ["x"]],
    ["a string of a megabyte", `\x1b]${"a".repeat(1e6)}\x07x`, ["x"]],
    ["a control sequence of a megabyte", `\x1b[${"1;".repeat(5e5)}Ax`, ["x"]],
    ["a string that a key ends", "\x1b]11;\x03x", ["ctrl+c", "x"]],
    ["a string that another sequence ends", "\x1b]11;\x1b[Ax", ["up", "x"]],
    ["a sequence that a key ends", "\x1b[1;\x03x", ["ctrl+c", "x"]],
    ["a sequence that another one ends", "\x1b[1;\x1b[Ax", ["up", "x"]],
    ["bytes that are no UTF-8", "\xff\xc0\x80\xed\xa0\x80x", ["x"]],
    ["half a character", "\xe6\x95x", ["x"]],
    ["characters that nobody types", utf8("\u009b\u202ex"), ["x"]],
  ])("%s", (_, bytes, keys) => {
    expect(keysOf(bytes)).toEqual(keys);
  });
});

describe("an ESC that nothing follows", () => {
  test.each([
    ["\x1b", ["escape"]],
    ["\x1b\x1b", ["escape", "escape"]],
    ["\x1b[", ["alt+["]],
    ["\x1bO", ["alt+O"]],
    ["\x1b]", ["alt+]"]],
    ["a\x1bP", ["a", "alt+P"]],
  ])("%j is %j after a while", (bytes, keys) => {
    const decoder = new InputDecoder();
    const before = decoder.feed(Buffer.from(bytes, "latin1"));
    expect(decoder.isWaiting).toBe(true);
    const events = [...before, ...decoder.flush()];
    expect(events.map((event) => (event.kind === "key" ? event.key : event.kind))).toEqual(keys);
    expect(decoder.isWaiting).toBe(false);
    expect(decoder.feed(Buffer.from("A"))).toEqual([{ kind: "key", key: "A", text: "A" }]);
  });

  test.each(["\x1b[1;", "\x1b]1", "\xe6", "\x1b\xe6", "\x1b[200~\x1b"])("%j waits on", (bytes) => {
    const decoder = new InputDecoder();
    decoder.feed(Buffer.from(bytes, "latin1"));
    expect(decoder.isWaiting).toBe(false);
    expect(decoder.flush()).toEqual([]);
  });
});

const PIECES = [
  ...[
    "a",
    " ",
    "\r",
    "\x1b",
    "\x1b[",
    "\x1b[A",
    "\x1bOP",
    "\x1b[1;5A",
    "\x1b[<0;10;5M",
    "\x1b[<64;1;2m",
    "\x1b[M !!",
  ],
  ...[
    "\x1b[200~",
    "\x1b[201~",
    "\x1b]11;rgb:0/0/0",
    "\x07",
    "\x1b\\",
    "\x1bP",
    "\x1b[?1;2c",
    "\x03",
    "\x1b[3$",
  ],
  ...["é", "数", "🙂"].map(utf8),
  ...["\xe6\x95", "\xff", "1;".repeat(40), "z".repeat(300)],
];
const streams = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...PIECES) },
      {
        weight: 1,
        arbitrary: fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
      },
    ),
    { maxLength: 20 },
  )
  .map((pieces) => Buffer.from(pieces.join(""), "latin1"));

test("however a stream is cut, its events are the same", () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(400)), (stream, cuts) => {
      const whole = new InputDecoder();
      const inParts = new InputDecoder();
      const events: InputEvent[] = [];
      let from = 0;
      for (const cut of [...cuts.filter((at) => at < stream.length), stream.length].sort((a, b) => a - b)) {
        events.push(...inParts.feed(stream.subarray(from, cut)));
        from = cut;
      }
      expect(events).toEqual(whole.feed(stream));
      expect(inParts.flush()).toEqual(whole.flush());
    }),
    { numRuns: 3000 },
  );
});

test("one byte at a time is a way to cut it", () => {
  fc.assert(
    fc.property(streams, (stream) => {
      const decoder = new InputDecoder();
      const events = [...stream].flatMap((byte) => decoder.feed(Uint8Array.of(byte)));
      expect(events).toEqual(new InputDecoder().feed(stream));
    }),
    { numRuns: 1000 },
  );
});

test("no text of an event has a control character", () => {
  fc.assert(
    fc.property(streams, (stream) => {
      const events = new InputDecoder().feed(stream);
      const texts = events.flatMap((event) => ("text" in event ? [event.text] : []));
      expect(texts.map(harmless)).toEqual(texts);
    }),
    { numRuns: 1000 },
  );
});
