import { expect, test } from "vitest";
import { InputDecoder } from "../../../src/tui/input/input-decoder.js";
import { isKeyName } from "../../../src/tui/input/key-name.js";
import { KEY_TABLE } from "../../../src/tui/live/key-table.js";

test("names of keys", () => {
  for (const { keys } of KEY_TABLE) for (const name of keys) expect(isKeyName(name)).toBe(true);
  for (const name of ["é", "日", "+", "ctrl++", "alt+x", "ctrl+alt+shift+up", "f12", "ctrl+space", "alt+X"])
    expect(isKeyName(name)).toBe(true);
  for (const name of [
    "",
    " ",
    "xx",
    "f13",
    "superkey",
    "ctrl+",
    "ctrl+X",
    "shift+a",
    "shift+ctrl+up",
    "\x1b",
    "\u009b",
    "\u202e",
  ])
    expect(isKeyName(name)).toBe(false);
});

test("what one byte says, alone or with Alt, has a name", () => {
  for (let byte = 0; byte < 0x80; byte += 1)
    for (const sent of [[byte], [0x1b, byte]]) {
      const decoder = new InputDecoder();
      const events = [...decoder.feed(Uint8Array.from(sent)), ...decoder.flush()];
      for (const event of events)
        if (event.kind === "key") expect([event.key, isKeyName(event.key)]).toEqual([event.key, true]);
    }
});
