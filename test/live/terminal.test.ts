import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { PseudoTerminal, type PseudoTerminalOptions } from "../terminal/pseudo-terminal.js";

const PROGRAM = fileURLToPath(new URL("../terminal/terminal-program.js", import.meta.url));
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
/** A shell's terminal, before and after. */
const UNTOUCHED = {
  screen: "normal",
  mouse: false,
  pasteInBrackets: false,
  wraps: true,
  showsCursor: true,
} as const;
const TAKEN = {
  screen: "alternate",
  mouse: true,
  pasteInBrackets: true,
  wraps: false,
  showsCursor: false,
} as const;
const CTRL_C = "\x03";
const CTRL_Z = "\x1a";

/** A terminal in which the program has drawn its first frame, and its settings before that. */
async function terminalOfTest(options: PseudoTerminalOptions = {}, wrapper: readonly string[] = []) {
  // The program starts with the next line, when the settings have been looked at.
  const program = [...wrapper, process.execPath, PROGRAM, DIST];
  const command = ["sh", "-c", 'read -r _ && exec "$0" "$@"', ...program];
  const terminal = new PseudoTerminal(command, options);
  onTestFinished(() => terminal.end());
  const settings = await terminal.settings();
  terminal.type("\r");
  await terminal.until(() => shows(terminal, /^size/));
  return { terminal, settings };
}

/** A terminal that does not read, while the program asks for frame after frame: more than fits in between. */
async function unreadTerminalOfTest() {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-terminal-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const report = join(folder, "report");
  const size = { columns: 200, rows: 50 };
  const { terminal, settings } = await terminalOfTest({ size, env: { TERMINAL_PROGRAM_REPORT: report } });
  terminal.tell("hold");
  terminal.type("a");
  const hasAskedForMany = () => expect.poll(() => existsSync(report), { timeout: 20_000 }).toBe(true);
  return { terminal, settings, hasAskedForMany };
}

function shows(terminal: PseudoTerminal, line: RegExp): boolean {
  return terminal.lines.some((shown) => line.test(shown));
}

const hasEnded = (state: string): boolean => /^(?:exited|killed)/.test(state);

describe("the terminal is given back", () => {
  const ways: readonly [string, (terminal: PseudoTerminal) => void | Promise<void>, string][] = [
    ["when it is released", (terminal) => terminal.type("q"), "exited 0"],
    ["on process.exit", (terminal) => terminal.type("e"), "exited 7"],
    ["on an error that nobody catches", (terminal) => terminal.type("t"), "exited 1"],
    ["on a promise that is rejected", (terminal) => terminal.type("r"), "exited 1"],
    ["on SIGTERM", (terminal) => terminal.signal("SIGTERM"), "exited 6"],
    ["on SIGHUP", (terminal) => terminal.signal("SIGHUP"), "exited 6"],
    ["on SIGINT", (terminal) => terminal.signal("SIGINT"), "exited 6"],
    ["on SIGQUIT", (terminal) => terminal.signal("SIGQUIT"), "exited 6"],
    ["on SIGUSR1", (terminal) => terminal.signal("SIGUSR1"), "exited 6"],
  ];
  test.each(ways)("%s", async (_, end, state) => {
    const { terminal, settings } = await terminalOfTest();
    expect(terminal.modes).toEqual(TAKEN);
    expect(await terminal.settings()).not.toBe(settings);
    await end(terminal);
    expect(await terminal.state(hasEnded)).toBe(state);
    expect(terminal.modes).toEqual(UNTOUCHED);
    expect(await terminal.settings()).toBe(settings);
    expect(terminal.lines.join("\n")).not.toContain("redraws");
  });

  test("in time for an error's words to be read", async () => {
    const { terminal } = await terminalOfTest();
    terminal.type("t");
    await terminal.state(hasEnded);
    expect(terminal.lines.join("\n")).toContain("thrown on purpose");
  });

  test.each(["q", "SIGTERM"] as const)("although it reads nothing, on %s", async (way) => {
    const { terminal, settings, hasAskedForMany } = await unreadTerminalOfTest();
    await hasAskedForMany();
    if (way === "q") terminal.type(way);
    else await terminal.signal(way);
    await terminal.state(hasEnded);
    expect(await terminal.settings()).toBe(settings);
    // What it reads when it reads again leaves nothing behind.
    terminal.tell("release");
    await terminal.until(() => terminal.modes.screen === "normal");
    expect(terminal.modes).toEqual(UNTOUCHED);
    expect(terminal.lines.join("")).not.toMatch(/asked|\d{3}/);
  });

  test("together with what it still has to answer", async () => {
    const { terminal } = await terminalOfTest({}, ["sh", "-c", '"$0" "$@"; echo over; exec cat']);
    terminal.answerBackground("rgb:1e1e/2020/ffff");
    terminal.type("bq");
    await terminal.until(() => shows(terminal, /^over$/));
    terminal.type("typed\r");
    await terminal.until(() => terminal.lines.filter((line) => line === "typed").length === 2);
    expect(terminal.lines.filter((line) => line !== "")).toEqual(["over", "typed", "typed"]);
  });

  test("although it reads nothing and is another user's, as after `su`", async () => {
    const own = [
      "sh",
      "-c",
      'chown nobody "$(tty)" && exec setpriv --bounding-set=-all --inh-caps=-all "$0" "$@"',
    ];
    const { terminal, settings } = await terminalOfTest({ size: { columns: 200, rows: 50 } }, own);
    terminal.type("a");
    await terminal.until(() => shows(terminal, /^asked [1-9]/));
    terminal.tell("hold");
    await terminal.signal("SIGTERM");
    expect(await terminal.state(hasEnded)).toBe("exited 6");
    expect(await terminal.settings()).toBe(settings);
  });

  test("when it hangs up, the program ends", async () => {
    const { terminal } = await terminalOfTest();
    terminal.tell("hangup");
    expect(await terminal.state(hasEnded)).toMatch(/^exited [56]$/);
  });
});

describe("suspended", () => {
  test("it is given back, and taken again in the foreground", async () => {
    const { terminal, settings } = await terminalOfTest();
    const settingsTaken = await terminal.settings();
    terminal.type(CTRL_Z);
    await terminal.state((state) => state === "stopped");
    expect(terminal.modes).toEqual(UNTOUCHED);
    expect(await terminal.settings()).toBe(settings);

    terminal.tell("foreground");
    await terminal.until(() => shows(terminal, /^redraws [1-9]/));
    expect(terminal.modes).toEqual(TAKEN);
    expect(await terminal.settings()).toBe(settingsTaken);
    terminal.type("x");
    await terminal.until(() => shows(terminal, /^last x/));

    terminal.type("q");
    expect(await terminal.state(hasEnded)).toBe("exited 0");
    expect(terminal.modes).toEqual(UNTOUCHED);
    expect(await terminal.settings()).toBe(settings);
  });

  test("by SIGTSTP it is given back, too", async () => {
    const { terminal, settings } = await terminalOfTest();
    await terminal.signal("SIGTSTP");
    await terminal.state((state) => state === "stopped");
    expect(terminal.modes).toEqual(UNTOUCHED);
    expect(await terminal.settings()).toBe(settings);
    terminal.tell("foreground");
    await terminal.until(() => shows(terminal, /^redraws [1-9]/));
    terminal.type("q");
    expect(await terminal.state(hasEnded)).toBe("exited 0");
  });

  test("after SIGSTOP it is drawn anew", async () => {
    const { terminal } = await terminalOfTest();
    await terminal.signal("SIGSTOP");
    await terminal.state((state) => state === "stopped");
    terminal.tell("foreground");
    await terminal.until(() => shows(terminal, /^redraws 1/));
    expect(terminal.modes).toEqual(TAKEN);
  });

  test("in the background it does not take the terminal", async () => {
    const { terminal, settings } = await terminalOfTest();
    terminal.type(CTRL_Z);
    await terminal.state((state) => state === "stopped");
    const before = terminal.states.length;
    terminal.tell("background");
    await terminal.state((state) => state === "stopped", before);
    expect(terminal.modes).toEqual(UNTOUCHED);
    expect(await terminal.settings()).toBe(settings);
    terminal.tell("foreground");
    await terminal.until(() => shows(terminal, /^redraws [1-9]/));
    expect(terminal.modes).toEqual(TAKEN);
  });

  test("it goes on where no shell could continue it", async () => {
    const { terminal } = await terminalOfTest({ isOrphan: true });
    terminal.type(CTRL_Z);
    await terminal.until(() => shows(terminal, /^redraws 1/));
    expect(terminal.states.filter((state) => state === "stopped")).toEqual([]);
    expect(terminal.modes).toEqual(TAKEN);
  });
});

describe("while it is taken", () => {
  test("keys and the mouse are heard, one by one", async () => {
    const { terminal } = await terminalOfTest();
    const typed: readonly [string, RegExp][] = [
      ["\x1b[A", /^last up$/],
      ["\x1b", /^last escape$/],
      [CTRL_C, /^last ctrl\+c$/],
      ["数", /^last 数$/],
      ["\x1b[<0;3;2M", /"action":"press","button":"left","x":2,"y":1/],
      ["\x1b[200~a b\x1b[201~", /"kind":"paste","text":"a b"/],
    ];
    for (const [bytes, line] of typed) {
      terminal.type(bytes);
      await terminal.until(() => shows(terminal, line));
    }
  });

  test("another size is drawn", async () => {
    const { terminal } = await terminalOfTest();
    for (const size of [
      { columns: 200, rows: 50 },
      { columns: 40, rows: 10 },
    ]) {
      terminal.resize(size);
      await terminal.until(() => shows(terminal, new RegExp(`^size ${size.columns}x${size.rows}$`)));
    }
  });

  test("one that it got while somebody else had it is drawn, too", async () => {
    const { terminal } = await terminalOfTest();
    await terminal.signal("SIGTSTP");
    await terminal.state((state) => state === "stopped");
    terminal.resize({ columns: 90, rows: 20 });
    terminal.tell("foreground");
    await terminal.until(() => shows(terminal, /^size 90x20$/));
  });

  test("many sizes at once are few frames", async () => {
    const { terminal } = await terminalOfTest();
    for (let columns = 81; columns <= 180; columns++) terminal.resize({ columns, rows: 24 });
    await terminal.until(() => shows(terminal, /^size 180x24$/));
    const redraws = terminal.lines.find((line) => line.startsWith("redraws ")) ?? "";
    expect(Number(redraws.slice("redraws ".length))).toBeLessThan(50);
  });

  test("a terminal that does not read gets the newest frame when it reads again", async () => {
    const { terminal, hasAskedForMany } = await unreadTerminalOfTest();
    // Keys and timers go on meanwhile: the program does not wait in write(2).
    await hasAskedForMany();
    terminal.tell("release");
    const counts = /^asked (\d{3,}) painted (\d+)$/;
    await terminal.until(() => shows(terminal, counts));
    const [, asked, painted] = counts.exec(terminal.lines.find((line) => counts.test(line)) ?? "") ?? [];
    expect(Number(painted)).toBeLessThan(Number(asked) / 2);
  });

  test("the background is asked for", async () => {
    const { terminal } = await terminalOfTest();
    terminal.answerBackground("rgb:1e1e/2020/ffff");
    terminal.type("b");
    await terminal.until(() => shows(terminal, /^background \]11;rgb:1e1e\/2020\/ffff$/));
  });

  test("a terminal that does not tell its background says so by another answer", async () => {
    const { terminal } = await terminalOfTest();
    terminal.type("b");
    await terminal.until(() => shows(terminal, /^background null$/));
  });

  test("the mouse can be left to the terminal", async () => {
    const { terminal } = await terminalOfTest();
    terminal.type("m");
    await terminal.until(() => !terminal.modes.mouse);
    terminal.type("q");
    expect(await terminal.state(hasEnded)).toBe("exited 0");
    expect(terminal.modes).toEqual(UNTOUCHED);
  });
});
