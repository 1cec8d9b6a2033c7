// @ts-check
// usage: node terminal-program.js DIST
// Takes the terminal, and shows what it is told: a program to look at the terminal's owner with. DIST is the folder that
// src/ was compiled to. Each way to end has a key.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const dist = pathToFileURL(`${process.argv[2]}/`);
/** @type {typeof import("../../src/tui/terminal/terminal.js")} */
const { Terminal } = await import(new URL("src/tui/terminal/terminal.js", dist).href);
/** @type {typeof import("../../src/tui/screen/style-table.js")} */
const { StyleTable } = await import(new URL("src/tui/screen/style-table.js", dist).href);

/** @type {typeof import("../../src/linux/terminal-queue.js")} */
const { discardUnread } = await import(new URL("src/linux/terminal-queue.js", dist).href);
/** @type {typeof import("../../src/cli/lost-terminals.js")} */
const { forgetLostTerminals } = await import(new URL("src/cli/lost-terminals.js", dist).href);

process.on("exit", forgetLostTerminals);
const LOST = 5;
const SIGNALLED = 6;
const EXITED = 7;
const ANSWER_MS = 5000;
const FRAME_MS = 2;
/** That so many frames were asked for is told by a file of this name: the terminal may not show it. */
const MANY_FRAMES = 200;
const report = process.env["TERMINAL_PROGRAM_REPORT"];

const styles = new StyleTable();
const said = { last: "nothing", redraws: 0, painted: 0, asked: 0, background: "not asked" };

/** @param {import("../../src/tui/screen/screen.js").Screen} screen */
function paint(screen) {
  said.painted += 1;
  screen.put(0, 0, `size ${screen.columns}x${screen.rows}`, 0);
  screen.put(0, 1, `last ${said.last}`, styles.id({ bold: true }));
  screen.put(0, 2, `redraws ${said.redraws}`, 0);
  screen.put(0, 3, `asked ${said.asked} painted ${said.painted}`, 0);
  screen.put(0, 4, `background ${said.background}`, 0);
  // Every cell changes with each frame, so that a terminal has something to be slow with.
  if (said.asked > 0) {
    for (let y = 5; y < screen.rows; y++) {
      for (let x = 0; x < screen.columns; x++)
        screen.put(x, y, String((said.asked + x) % 10), 1 + ((x + said.asked) % 3));
    }
  }
}
for (const foreground of [1, 2, 3]) styles.id({ foreground });

/** @param {string} key */
function obey(key) {
  switch (key) {
    case "q":
      terminal.release();
      return process.exit(0);
    case "t":
      throw new Error("thrown on purpose");
    case "r":
      return void Promise.reject(new Error("rejected on purpose"));
    case "e":
      return process.exit(EXITED);
    case "ctrl+z":
      return terminal.suspend();
    case "m":
      return terminal.setMouse(false);
    case "b":
      return void terminal.askBackground(ANSWER_MS).then((answer) => {
        said.background = String(answer);
        terminal.draw(paint);
      });
    case "a":
      return void setInterval(() => {
        said.asked += 1;
        if (said.asked === MANY_FRAMES && report !== undefined) writeFileSync(report, "");
        terminal.draw(paint);
      }, FRAME_MS);
  }
}

const terminal = new Terminal(
  { input: process.stdin, output: process.stdout, styles, charset: "utf-8", mouse: true, discardUnread },
  {
    onInput: (event) => {
      said.last = event.kind === "key" ? event.key : JSON.stringify(event);
      terminal.draw(paint);
      if (event.kind === "key") obey(event.key);
    },
    onRedraw: () => {
      said.redraws += 1;
      terminal.draw(paint);
    },
    onEnd: (end) => process.exit(end.kind === "lost" ? LOST : SIGNALLED),
  },
);
terminal.draw(paint);
