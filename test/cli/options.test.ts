import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Options, parseOptions } from "../../src/cli/options.js";
import { TcptopError } from "../../src/model/error.js";
import { anyText } from "../any-text.js";

const VERSION = "1.2.3";

function options(...argv: readonly string[]): Options {
  const request = parseOptions(argv, VERSION);
  if (request.kind !== "top") throw new Error(`asked for ${request.kind}`);
  return request.options;
}

/** What a wrong command line is refused with. */
function thrown(...argv: readonly string[]): TcptopError | null {
  try {
    parseOptions(argv, VERSION);
  } catch (error) {
    if (error instanceof TcptopError) return error;
  }
  return null;
}

/** The one line that a wrong command line gets. */
function refusal(...argv: readonly string[]): string {
  try {
    parseOptions(argv, VERSION);
  } catch (error) {
    if (!(error instanceof TcptopError)) throw error;
    expect(error.code).toBe("usage");
    expect(error.oneLine()).not.toMatch(/\p{Cc}/u);
    return error.oneLine();
  }
  throw new Error(`accepted ${argv.join(" ")}`);
}

test("without options everything is its default", () => {
  expect(options()).toEqual({
    batch: false,
    intervalMs: null,
    count: null,
    output: "table",
    sort: null,
    filter: null,
    groupBy: null,
    pid: null,
    family: null,
    proto: null,
    udpTimeoutMs: 60_000,
    listening: false,
    active: false,
    rung: null,
    allowKill: false,
    colors: true,
    printConfig: false,
    config: true,
    debug: false,
  });
});

describe("options", () => {
  test("have short and long names", () => {
    const expected = {
      batch: true,
      intervalMs: 500,
      count: 3,
      output: "ndjson",
      sort: { column: { name: "rtt_us" }, direction: "asc" },
      pid: 42,
      family: 6,
    };
    const short = ["-b", "-d", ".5", "-n3", "-o", "ndjson", "-s", "rtt_us:asc", "-p", "42", "-6"];
    const long = ["--batch", "--interval=0.5", "--count", "3", "--output=ndjson", "--sort=rtt_us:asc"];
    expect(options(...short)).toMatchObject(expected);
    expect(options(...long, "--pid", "42", "--ipv6")).toMatchObject(expected);
    const filter = (...argv: readonly string[]) => options(...argv).filter;
    expect(filter("-f", "tcp port 443")?.parsed).toEqual(filter("--filter=proto = tcp and port 443")?.parsed);
    expect(filter("-f", "tcp")?.parsed).toMatchObject({ column: "proto", literals: ["tcp"] });
    // It is shown so, where expanded it would push other things aside.
    expect(filter("-f", " port 443 ")?.text).toBe("port 443");
    expect(options("--listening", "--active", "--debug", "--rung", "netlink")).toMatchObject({
      listening: true,
      active: true,
      debug: true,
      rung: "netlink",
    });
  });

  test("given twice count as given last", () => {
    expect(options("-d", "1", "-d", "2").intervalMs).toBe(2000);
    expect(options("-o", "csv", "--output", "table").output).toBe("table");
  });

  test.each([
    [["-4"], 4],
    [["-6"], 6],
    [["-4", "-6"], null],
    [["-64"], null],
  ])("%j asks for the family %j", (argv, family) => {
    expect(options(...argv).family).toBe(family);
  });

  test.each([
    ["0.1", 100],
    ["3600", 3_600_000],
    ["2.", 2000],
    ["1.0005", 1001],
  ])("-d %s are %d ms", (seconds, intervalMs) => {
    expect(options("-d", seconds).intervalMs).toBe(intervalMs);
  });

  test.each([
    ["tx_rate", "desc"],
    ["comm", "asc"],
    ["comm:desc", "desc"],
    ["tx_rate:asc", "asc"],
  ])("-s %s sorts %s", (text, direction) => {
    expect(options("-s", text).sort).toMatchObject({ column: { name: text.split(":")[0] }, direction });
  });
});

test("-s takes what stands above a column, too", () => {
  expect(options("-s", "tx/s:asc").sort).toMatchObject({ column: { name: "tx_rate" }, direction: "asc" });
  expect(options("-s", "RTT").sort).toMatchObject({ column: { name: "rtt_us" }, direction: "desc" });
  expect(options("-s", "tx/s", "-g", "user").sort).toMatchObject({ groupColumn: { name: "tx_rate" } });
});

test("-g groups, and -s sorts by what groups have", () => {
  expect(options("-g", "local-port").groupBy).toBe("local-port");
  expect(options("--group-by=none").groupBy).toBeNull();
  const both = options("-g", "process", "-s", "tx_rate");
  expect(both.sort).toMatchObject({ column: { name: "tx_rate" }, groupColumn: { name: "tx_rate" } });
  expect(options("-s", "connections", "-g", "user").sort).toMatchObject({
    column: null,
    groupColumn: { name: "connections" },
    direction: "desc",
  });
});

describe("refused, with the option, the value and the mend:", () => {
  test.each([
    [["-d", "abc"], "-d abc: not a number of seconds; give 0.1 to 3600"],
    [["--interval=1e3"], "-d 1e3: not a number of seconds; give 0.1 to 3600"],
    [["-d", "Infinity"], "-d Infinity: not a number of seconds; give 0.1 to 3600"],
    [["-d", "-1"], "-d -1: not a number of seconds; give 0.1 to 3600"],
    [["-d", ""], '-d "": not a number of seconds; give 0.1 to 3600'],
    [["-d", "0"], "-d 0: too short an interval; give 0.1 to 3600"],
    [["-d", "0.09"], "-d 0.09: too short an interval; give 0.1 to 3600"],
    [["-d", "3601"], "-d 3601: too long an interval; give 0.1 to 3600"],
    [["-d"], "-d: its value is missing; write -d, --interval <SECONDS>"],
    [["-n", "-1"], "-n -1: not a number of snapshots; give 1 or more"],
    [["-n", "0"], "-n 0: not a number of snapshots; give 1 or more"],
    [["-n", "1.5"], "-n 1.5: not a number of snapshots; give 1 or more"],
    [["-n", "99999999999999999999"], "-n 99999999999999999999: not a number of snapshots; give 1 or more"],
    [["-p", "abc"], "-p abc: not a process id; give a number from 1 to 4194304"],
    [["-p", "-3"], "-p -3: not a process id; give a number from 1 to 4194304"],
    [["-p", "0"], "-p 0: not a process id; give a number from 1 to 4194304"],
    [["-p", "4194305"], "-p 4194305: not a process id; give a number from 1 to 4194304"],
    [["-o", "xml"], "-o xml: no such output; outputs are table, ndjson, csv"],
    [["-s", "tt_us"], "-s tt_us: no such column; did you mean rtt_us or min_rtt_us?"],
    [["-s", "comn"], "-s comn: no such column; did you mean comm?"],
    [["-s", "pid:up"], "-s pid:up: no such direction; give pid:asc or pid:desc"],
    [["-s", "pid:asc:x"], "-s pid:asc:x: no such direction; give pid:asc or pid:desc"],
    [
      ["-g", "proces"],
      "-g proces: nothing to group by; give none, process, remote, local-port, container, user, state",
    ],
    [["-s", "connections"], "-s connections: a column of groups; group by something with -g"],
    [
      ["-g", "user", "-s", "rtt_us"],
      "-s rtt_us: groups have no such column; did you mean median_rtt_us or max_rtt_us?",
    ],
    [["-f", "tx_rat > 1"], "-f: tx_rat: no such column; did you mean tx_rate?"],
    [["--filter="], "-f: at the end: a condition is missing; write one such as tx_rate > 1MB/s"],
    [
      ["--rung", "ebpf"],
      "--rung ebpf: no such rung; rungs are tracepoint, fentry, kprobe, netlink, user, proc",
    ],
    [["--intervall", "3"], "--intervall: no such option; did you mean --interval?"],
    [["-x"], "-x: no such option; see tcptop --help"],
    [["--batch=1"], "--batch=1: no such option; did you mean --batch?"],
    [["eth0"], "eth0: tcptop has no such command; see tcptop --help"],
    [["doctr"], "doctr: tcptop has no such command; did you mean doctor?"],
    [["-b", "doctor"], "doctor: a command comes first; write tcptop doctor"],
    [["doctor", "now"], "now: tcptop doctor takes options only; see tcptop doctor --help"],
    [["doctor", ""], '"": tcptop doctor takes options only; see tcptop doctor --help'],
    [["doctor", "-o", "csv"], "-o csv: no such output; outputs are text, json"],
    [["doctor", "-o"], "-o: its value is missing; write -o, --output <FORMAT>"],
    [["doctor", "-n", "1"], "-n: no such option; see tcptop doctor --help"],
    [["-f", "tcp", "port", "443"], "port: tcptop takes options only; put a filter in quotes"],
    [["-b", ""], '"": tcptop has no such command; see tcptop --help'],
    [["--", "-b"], "-b: tcptop has no such command; see tcptop --help"],
  ])("%j", (argv, line) => {
    expect(refusal(...argv)).toBe(line);
  });

  test("a column that resembles none gets the list", () => {
    expect(refusal("-s", "nosuch")).toMatch(
      /^-s nosuch: no such column; columns are time, host, .*, end_reason$/,
    );
  });

  test("a filter with its mistake marked", () => {
    expect(thrown("-f", "tcp and tx_rat > 1")?.picture).toEqual(["tcp and tx_rat > 1", "        ^~~~~~"]);
    expect(thrown("-f", " ")?.picture).toEqual([]);
    expect(thrown("-d", "abc")?.picture).toEqual([]);
  });

  test("hostile values come back harmless", () => {
    expect(refusal("-o", "\u001b[2J\n")).toBe("-o [2J: no such output; outputs are table, ndjson, csv");
    expect(refusal("--\u001b[2J\nx'y'")).toBe("--[2Jx'y': no such option; see tcptop --help");
  });
});

test("any command line is understood, or refused in one line", () => {
  const words = fc.oneof(
    fc.constantFrom(
      "-b",
      "-d",
      "-n",
      "-o",
      "-s",
      "-f",
      "-p",
      "-4",
      "-6",
      "--rung",
      "--",
      "1",
      "-1",
      "csv",
      "pid",
      "--help",
    ),
    anyText({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 5 }), (argv) => {
      expect(outcome(argv)).toMatch(/^(top|help|version|\P{Cc}+)$/u);
    }),
  );
});

function outcome(argv: readonly string[]): string {
  try {
    return parseOptions(argv, VERSION).kind;
  } catch (error) {
    return error instanceof TcptopError ? error.oneLine() : `thrown:\n${String(error)}`;
  }
}

test("help and version are texts, and nothing is printed", async () => {
  const help = parseOptions(["-n", "1", "--help"], VERSION);
  await expect(help.kind === "help" ? help.text : "").toMatchFileSnapshot("../golden/help.txt");
  expect(parseOptions(["-h"], VERSION)).toEqual(help);
  expect(parseOptions(["--version"], VERSION)).toEqual({ kind: "version", text: "tcptop 1.2.3\n" });
});

describe("tcptop doctor", () => {
  test("its options, and what is left out", () => {
    expect(parseOptions(["doctor"], VERSION)).toEqual({ kind: "doctor", options: { output: "text" } });
    expect(parseOptions(["doctor", "-o", "json", "--debug"], VERSION)).toEqual({
      kind: "doctor",
      options: { output: "json" },
    });
  });

  test("its help is its own, and the first help names it", () => {
    const own = parseOptions(["doctor", "--help"], VERSION);
    expect(own).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/^Usage: tcptop doctor \[options\]/),
    });
    expect(parseOptions(["--help"], VERSION)).toMatchObject({
      text: expect.stringContaining("tcptop doctor "),
    });
  });
});
