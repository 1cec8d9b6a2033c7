import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { configPath, parseConfig, printConfig, readConfig } from "../../src/cli/config.js";
import { CONFIG_KEYS, DEFAULT_CONFIG } from "../../src/cli/config-keys.js";
import { TcptopError } from "../../src/model/error.js";
import { anyText } from "../any-text.js";

const PATH = "/home/ann/.config/tcptop/config.toml";

function complaint(text: string): string {
  try {
    parseConfig(text, PATH);
  } catch (error) {
    if (error instanceof TcptopError && error.code === "usage") return error.oneLine();
    throw error;
  }
  throw new Error("it was taken");
}

describe("parseConfig", () => {
  test("every setting", () => {
    const config = parseConfig(
      `
interval = 2.5
columns = ["comm", "rx/s", "user"]
listening_columns = ["LOCAL", "accept_queue"]
sort = "rtt_us"
group_by = "remote"
closed_seconds = 0
names = true
theme = "light"
keys = { quit = ["x"], pause = ["space", "f9"] }
`,
      PATH,
    );
    expect(config.columns?.map(({ title }) => title)).toEqual(["COMM", "RX/s", "USER"]);
    expect(config.listeningColumns?.map(({ title }) => title)).toEqual(["LOCAL", "ACCEPTQ"]);
    expect(config).toMatchObject({
      intervalMs: 2500,
      sort: { column: "rtt_us", direction: "desc" },
      groupBy: "remote",
      closedMs: 0,
      names: true,
      theme: "light",
      keys: new Map([
        ["quit", ["x"]],
        ["pause", ["space", "f9"]],
      ]),
    });
  });

  test("what is left out is as without a file", () => {
    expect(parseConfig("", PATH)).toEqual(DEFAULT_CONFIG);
    expect(parseConfig("names = false", PATH)).toEqual(DEFAULT_CONFIG);
  });

  test("columns go by what stands above them and by their names in outputs, in columns and in sort", () => {
    const titles = parseConfig('columns = ["tx/s", "RTT", "cmdline"]', PATH).columns;
    expect(parseConfig('columns = ["tx_rate", "rtt_us", "CMDLINE"]', PATH).columns).toEqual(titles);
    for (const name of ["tx/s", "TX/s", "tx_rate"])
      expect(parseConfig(`sort = "${name}:asc"`, PATH).sort).toEqual({ column: "tx_rate", direction: "asc" });
    expect(parseConfig(`sort = "idle"`, PATH).sort).toEqual({ column: "idle_ms", direction: "desc" });
  });

  test("one key needs no list", () => {
    expect(parseConfig('keys = { kill = "x" }', PATH).keys).toEqual(new Map([["kill", ["x"]]]));
  });

  test("every example is taken", () => {
    for (const { example } of CONFIG_KEYS) expect(() => parseConfig(example, PATH)).not.toThrow();
  });

  test.each([
    ["interval = 0", `${PATH}: interval: a number of seconds, from 0.1 to 3600; for example: interval = 2`],
    ['interval = "1"', `${PATH}: interval: a number of seconds, from 0.1 to 3600; for example: interval = 2`],
    ["intervall = 1", `${PATH}: intervall: no such setting; did you mean interval?`],
    ['theme = "pink"', `${PATH}: theme: one of: auto, dark, light, none; for example: theme = "light"`],
    ["columns = []", /^\S+: columns: a list of columns, of: pid, comm, /],
    ['columns = ["pids"]', /^\S+: columns: "pids" is no column; did you mean pid\?; /],
    ['columns = ["zzzzzz", 1]', /^\S+: columns: "zzzzzz" is no column; there are pid, comm, /],
    ['columns = ["pid", "comm", "pid"]', /^\S+: columns: "pid" is in the list already; /],
    ['columns = ["rtt", "rtt_us"]', /^\S+: columns: "rtt_us" is in the list already; /],
    ['sort = "rtts"', /^\S+: sort: "rtts" is no column; did you mean rtt\?; /],
    ["sort = 1", /^\S+: sort: the name of a column, in quotes; /],
    ['sort = "rtt_us:up"', /^\S+: sort: "up" is no direction; asc or desc; /],
    ["keys = { stop = [] }", /^\S+: keys: "stop" is no command; of: up, down, /],
    ["keys = { quit = 1 }", /^\S+: keys: the keys of quit are a name or a list of names, at most 8; /],
    ['keys = { quit = "superkey" }', /^\S+: keys: "superkey" is no key; there are letters, enter, space, /],
    ['keys = { quit = "page-dwn" }', /^\S+: keys: "page-dwn" is no key; did you mean page-down\?; /],
    ['keys = { quit = ["x", "ctrl+X"] }', /^\S+: keys: "ctrl\+X" is no key; /],
    ['keys = { quit = ["x", "q"], help = "q" }', /^\S+: keys: "q" is a key of quit and of help; /],
    ["names =", /^\/home\/ann\/.config\/tcptop\/config.toml:1:\d+: [^\n]+; mend that line$/],
    ['a = "\u001b[2J', /^\P{Cc}+$/u],
    ['sort = "\u009b2J"', /^\S+: sort: "\\u009b2J" is no column; /],
    ['keys = { "\u202e" = "x" }', /^\S+: keys: "\\u202e" is no command; /],
  ])("%j is refused in one line that says why", (text, expected) => {
    const line = complaint(text);
    if (typeof expected === "string") expect(line).toBe(expected);
    else expect(line).toMatch(expected);
  });
});

describe("any file is settings, or refused in one line", () => {
  const names = fc.constantFrom(...CONFIG_KEYS.map(({ name }) => name), "__proto__", "nosuch", "a.b");
  const outcome = (text: string): string => {
    try {
      return Object.keys(parseConfig(text, PATH)).join() === Object.keys(DEFAULT_CONFIG).join()
        ? "taken"
        : "other settings";
    } catch (error) {
      return error instanceof TcptopError && error.code === "usage" ? error.oneLine() : `thrown: ${error}`;
    }
  };
  const expectOutcome = (text: string) =>
    expect(outcome(text)).toMatch(/^(?:taken|\/home\/ann\/[^\p{Cc}]*)$/u);

  test("of any text", () => {
    const pieces = fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      "=",
      ",",
      ".",
      "\n",
      "#",
      "1",
      "-",
      "true",
      '"""',
    );
    const words = fc.oneof(pieces, names, anyText({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (all) => {
        expectOutcome(all.join(" "));
      }),
    );
  });

  test("of any value", () => {
    const value = fc.oneof(
      anyText().map((text) => JSON.stringify(text)),
      fc.constantFrom(
        "1e400",
        "-0",
        "nan",
        "inf",
        "[]",
        "{}",
        "[[1]]",
        "1979-05-27",
        "true",
        "{ quit = [[]] }",
      ),
      fc.constantFrom(
        '["pid"]',
        '["pid", "pid"]',
        '{ quit = ["q", "q"] }',
        '{ __proto__ = ["q"] }',
        '"constructor"',
      ),
    );
    fc.assert(
      fc.property(names, value, (name, given) => {
        expectOutcome(`${name} = ${given}`);
      }),
    );
  });
});

test("what is printed gives the same settings again", () => {
  const text = 'sort = "comm:desc"\nkeys = { quit = ["x", "\\"", "é"] }\ncolumns = ["netns", "pid"]\n';
  const config = parseConfig(text, PATH);
  expect(parseConfig(printConfig(config, PATH), PATH)).toEqual(config);
  expect(printConfig(config, PATH)).not.toMatch(/[\x7f-\x9f]/);
  expect(parseConfig(printConfig(DEFAULT_CONFIG, PATH), PATH)).toEqual(DEFAULT_CONFIG);
});

test("where it is", () => {
  expect(configPath({ XDG_CONFIG_HOME: "/etc/xdg" })).toBe("/etc/xdg/tcptop/config.toml");
  expect(configPath({ XDG_CONFIG_HOME: "relative" })).toMatch(/\/\.config\/tcptop\/config\.toml$/);
  expect(configPath({})).toMatch(/\/\.config\/tcptop\/config\.toml$/);
});

test("no file is no complaint, one that can't be read is", () => {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(readConfig(join(folder, "config.toml"))).toBe(DEFAULT_CONFIG);
  writeFileSync(join(folder, "config.toml"), "names = true");
  expect(readConfig(join(folder, "config.toml")).names).toBe(true);
  expect(() => readConfig(folder)).toThrow(/can't be read: EISDIR/);
});
