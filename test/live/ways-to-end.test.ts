import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { ENDING_SIGNALS } from "../../src/model/ending-signals.js";
import { PseudoTerminal } from "../terminal/pseudo-terminal.js";
import { TCPTOP } from "./tcptop.js";

// Whatever tcptop is doing on a terminal, and however it is ended: it ends as it should, and leaves the terminal as it was.

const PROGRAM = fileURLToPath(new URL("../terminal/live-program.js", import.meta.url));
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const UNTOUCHED = {
  screen: "normal",
  mouse: false,
  pasteInBrackets: false,
  wraps: true,
  showsCursor: true,
} as const;
/** A process that the terminal's end does not tell of it: only writing does. */
const IN_ANOTHER_SESSION = ["sh", "-c", 'trap "" HUP; setsid --wait "$0" "$@"'] as const;

interface Example {
  readonly terminal: PseudoTerminal;
  /** Waits for a line. */
  readonly shows: (line: RegExp) => Promise<void>;
  /** How it ended, and that the terminal is as it was. */
  readonly ended: () => Promise<string>;
}

interface ExampleOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly wrapper?: readonly string[];
}

/** tcptop on made-up connections: see live-program.js. */
function exampleOfTest(
  kind: string,
  words: readonly string[],
  options: ExampleOptions = {},
): Promise<Example> {
  return programOfTest([process.execPath, PROGRAM, DIST, kind, "-d", "0.2", ...words], options);
}

async function programOfTest(
  program: readonly string[],
  { environment = {}, wrapper = [] }: ExampleOptions = {},
): Promise<Example> {
  // It starts with the next line, when the terminal's settings have been looked at.
  const command = ["sh", "-c", 'read -r _ && exec "$0" "$@"', ...wrapper, ...program];
  const terminal = new PseudoTerminal(command, {
    size: { columns: 110, rows: 30 },
    // Nobody's own settings.
    env: { XDG_CONFIG_HOME: "/nonexistent", TERM: "xterm-256color", LANG: "C.UTF-8", ...environment },
  });
  onTestFinished(() => terminal.end());
  const settings = await terminal.settings();
  terminal.type("\r");
  return {
    terminal,
    shows: (line) => terminal.until(() => terminal.lines.some((shown) => line.test(shown))),
    ended: async () => {
      const state = await endOf(terminal);
      expect(terminal.modes).toEqual(UNTOUCHED);
      expect(await terminal.settings()).toBe(settings);
      return state;
    },
  };
}

function endOf(terminal: PseudoTerminal): Promise<string> {
  return terminal.state((state) => /^(?:exited|killed)/.test(state));
}

describe("when the terminal hangs up, it ends as if it had been asked to", () => {
  const ways: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["the live view", [], /client-01/],
    ["lines", ["-b"], /^rung/],
    ["ndjson", ["-o", "ndjson"], /"summary"/],
    ["csv", ["-o", "csv"], /client-01/],
  ];
  test.each(ways)("%s", async (_, words, shown) => {
    const { terminal, shows } = await exampleOfTest("few", words);
    await shows(shown);
    terminal.tell("hangup");
    expect(await endOf(terminal)).toBe("exited 0");
  });

  test.each(ways)("%s, told by nothing but an error", async (_, words, shown) => {
    const { terminal, shows } = await exampleOfTest("few", words, { wrapper: IN_ANOTHER_SESSION });
    await shows(shown);
    terminal.tell("hangup");
    expect(await endOf(terminal)).toBe("exited 0");
  });

  test("before it has begun to collect", async () => {
    const { terminal, shows } = await exampleOfTest("starting", ["-b"], { wrapper: IN_ANOTHER_SESSION });
    await shows(/^starting/);
    terminal.tell("hangup");
    expect(await endOf(terminal)).toBe("exited 0");
  });

  test.each(["doctor", "selftest"])("%s", async (command) => {
    const script = 'trap "" HUP; echo starting; setsid --wait "$0" "$@"';
    const { terminal, shows } = await programOfTest([TCPTOP, command], { wrapper: ["sh", "-c", script] });
    await shows(/^starting/);
    terminal.tell("hangup");
    expect(await endOf(terminal)).toMatch(/^exited [01]$/);
  });
});

describe("a terminal that can only print gets lines", () => {
  test.each([undefined, "", "dumb", "unknown"])("TERM %j", async (TERM) => {
    const { terminal, shows, ended } = await exampleOfTest("few", ["-n", "1"], { environment: { TERM } });
    await shows(/^rung fentry/);
    expect(await ended()).toBe("exited 0");
    expect(terminal.lines.join("\n")).not.toContain("\x1b");
  });
});

test("one snapshot is a table that stays, also on a terminal that could show more", async () => {
  const environment = { TERM: "xterm-256color" };
  const { terminal, shows, ended } = await exampleOfTest("few", ["-n", "1"], { environment });
  await shows(/^rung fentry/);
  expect(await ended()).toBe("exited 0");
  expect(terminal.modes.screen).toBe("normal");
  expect(terminal.lines.join("\n")).toMatch(/\d+ open, \d+ listening/);
});

describe("each signal ends it", () => {
  test.each(ENDING_SIGNALS)("before the first sample: %s", async (signal) => {
    const { terminal, shows, ended } = await exampleOfTest("silent", []);
    await shows(/tcptop/);
    await terminal.signal(signal);
    expect(await ended()).toBe("exited 0");
  });

  test.each(ENDING_SIGNALS)("before it has taken the terminal: %s", async (signal) => {
    const { terminal, shows, ended } = await exampleOfTest("starting", []);
    await shows(/^starting/);
    await terminal.signal(signal);
    expect(await ended()).toBe("exited 0");
    expect(terminal.lines.filter((line) => line !== "" && line !== "starting")).toEqual([]);
  });

  const states: readonly (readonly [string, string, RegExp])[] = [
    ["help is shown", "?", /to the row above/],
    ["a search is typed", "/clien", /^search: clien/],
    ["a filter is typed", "fpid =", /^filter: pid =/],
    ["a connection is looked at", "\x1b[B\r", /^ tcp 10\.0\.0\.1:10002 ->/],
  ];
  test.each(states)("while %s", async (_, keys, shown) => {
    const { terminal, shows, ended } = await exampleOfTest("few", []);
    await shows(/client-01 .*32\.0k/);
    terminal.type(keys);
    await shows(shown);
    await terminal.signal("SIGTERM");
    expect(await ended()).toBe("exited 0");
  });
});

describe("SIGTSTP stops it, and it goes on", () => {
  test.each([
    ["while a search is typed", "few", "/clien", /^search: clien/],
    ["while help is shown", "few", "?", /to the row above/],
    ["before the first sample", "silent", "", /tcptop/],
  ])("%s", async (_, kind, keys, shown) => {
    const { terminal, shows, ended } = await exampleOfTest(kind, []);
    await shows(/tcptop/);
    terminal.type(keys);
    await shows(shown);
    await terminal.signal("SIGTSTP");
    await terminal.state((state) => state === "stopped");
    expect(terminal.modes).toEqual(UNTOUCHED);
    terminal.tell("foreground");
    await shows(shown);
    expect(terminal.modes.screen).toBe("alternate");
    await terminal.signal("SIGTERM");
    expect(await ended()).toBe("exited 0");
  });

  test("before it has taken the terminal", async () => {
    const { terminal, shows, ended } = await exampleOfTest("starting", []);
    await shows(/^starting/);
    await terminal.signal("SIGTSTP");
    await terminal.state((state) => state === "stopped");
    expect(terminal.modes).toEqual(UNTOUCHED);
    terminal.tell("foreground");
    await shows(/client-01/);
    terminal.type("q");
    expect(await ended()).toBe("exited 0");
  });
});

describe("a crash is one line", () => {
  test.each([
    ["of the live view, after the terminal was given back", []],
    ["of lines", ["-b"]],
  ])("%s", async (_, words) => {
    const { terminal, ended } = await exampleOfTest("crashing", words);
    expect(await ended()).toBe("exited 1");
    expect(terminal.lines).toContain("tcptop: crashed on purpose; `--debug` shows where");
    expect(terminal.lines.join("\n")).not.toMatch(/\bat \S+:\d+/);
  });
});
