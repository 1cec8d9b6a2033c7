import { describe, expect, test } from "vitest";
import { plainBatchRequest, tableRequest } from "../../src/cli/batch-request.js";
import { parseConfig } from "../../src/cli/config.js";
import { type Options, parseOptions } from "../../src/cli/options.js";
import { LISTENING_COLUMNS, SCREEN_COLUMNS } from "../../src/model/screen-columns.js";

const PATH = "/home/ann/.config/tcptop/config.toml";

function optionsOf(...argv: readonly string[]): Options {
  const request = parseOptions(argv, "1.2.3");
  if (request.kind !== "top") throw new Error(`parsed to ${request.kind}`);
  return request.options;
}

/** What a table is made by, of settings and a command line. */
function table(settings: string, ...argv: readonly string[]) {
  const { intervalMs, columns, sort, groupBy, settingsNote } = tableRequest(
    optionsOf(...argv),
    parseConfig(settings, PATH),
    PATH,
  );
  return {
    intervalMs,
    titles: columns.map(({ title }) => title),
    sort: sort && `${sort.column?.name}:${sort.direction}`,
    groupBy,
    settingsNote,
  };
}

const SETTINGS = `
interval = 5
columns = ["comm", "rtt"]
listening_columns = ["local", "acceptq"]
sort = "rtt:asc"
group_by = "process"
`;
const USUAL = {
  intervalMs: 1000,
  titles: SCREEN_COLUMNS.map(({ title }) => title),
  sort: null,
  groupBy: null,
};

describe("a table", () => {
  test("goes by the settings, and says so; what it lists is not theirs to say", () => {
    expect(table(SETTINGS, "-b")).toEqual({
      intervalMs: 5000,
      titles: ["COMM", "RTT"],
      sort: "rtt_us:asc",
      groupBy: null,
      settingsNote: `settings interval, columns, sort from ${PATH}`,
    });
  });

  test("that is the only one has no interval", () => {
    expect(table(SETTINGS, "-n", "1").settingsNote).toBe(`settings columns, sort from ${PATH}`);
  });

  test("of listening sockets has their columns", () => {
    expect(table(SETTINGS, "--listening")).toMatchObject({
      titles: ["LOCAL", "ACCEPTQ"],
      settingsNote: `settings interval, listening_columns, sort from ${PATH}`,
    });
    expect(table('columns = ["comm"]', "--listening")).toMatchObject({
      titles: LISTENING_COLUMNS.map(({ title }) => title),
      settingsNote: null,
    });
  });

  test("goes by the command line before them", () => {
    expect(table(SETTINGS, "-d", "2", "-s", "comm")).toMatchObject({
      intervalMs: 2000,
      sort: "comm:asc",
      settingsNote: `settings columns from ${PATH}`,
    });
    expect(table("interval = 5\nsort = 'rtt'", "-d", "2", "-s", "comm").settingsNote).toBeNull();
  });

  test("of groups has its own columns, and the order that groups can have", () => {
    expect(table(SETTINGS, "-g", "process")).toMatchObject({
      sort: "rtt_us:asc",
      settingsNote: `settings interval, sort from ${PATH}`,
    });
    expect(table('sort = "min_rtt_us"', "-g", "process")).toMatchObject({ sort: null, settingsNote: null });
  });

  test.each([
    "",
    'names = true\ntheme = "light"\nclosed_seconds = 30\nkeys = { quit = "x" }',
    "interval = 1",
  ])("is the usual one with %j", (settings) => {
    expect(table(settings, "-b")).toEqual({ ...USUAL, settingsNote: null });
  });

  test("says nothing to the terminal", () => {
    const config = parseConfig(SETTINGS, PATH);
    const { settingsNote } = tableRequest(optionsOf("-b"), config, "/tmp/\u001b[2J/config.toml");
    expect(settingsNote).toMatch(/^settings interval, columns, sort from \/tmp\/\P{Cc}*\/config.toml$/u);
  });
});

test("what programs read is of the command line alone", () => {
  const { intervalMs, sort, columns, settingsNote } = plainBatchRequest(optionsOf("-o", "csv"));
  expect({ intervalMs, sort, titles: columns.map(({ title }) => title), settingsNote }).toEqual({
    ...{ intervalMs: USUAL.intervalMs, titles: USUAL.titles },
    ...{ sort: null, settingsNote: null },
  });
});
