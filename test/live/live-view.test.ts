import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Command, KEY_TABLE } from "../../src/tui/live/key-table.js";
import type { Style } from "../../src/tui/screen/style.js";
import { PseudoTerminal, type PseudoTerminalOptions } from "../terminal/pseudo-terminal.js";

const PROGRAM = fileURLToPath(new URL("../terminal/live-program.js", import.meta.url));
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const SIZE = { columns: 110, rows: 30 };
/** The line of the titles; the first row is below it. */
const TITLES = 4;
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
/** What terminals send for keys that are no character: xterm's. */
const SENT: Readonly<Record<string, string>> = {
  up: "\x1b[A",
  down: "\x1b[B",
  "page-up": "\x1b[5~",
  "page-down": "\x1b[6~",
  home: "\x1b[H",
  end: "\x1b[F",
  enter: "\r",
  space: " ",
  escape: "\x1b",
  f1: "\x1bOP",
  f2: "\x1bOQ",
  f3: "\x1bOR",
  f4: "\x1bOS",
  f5: "\x1b[15~",
  f6: "\x1b[17~",
  f10: "\x1b[21~",
};

type Kind = "few" | "many" | "stalling" | "failing";

interface LiveTerminalOptions extends PseudoTerminalOptions {
  readonly kind?: Kind;
  readonly options?: readonly string[];
}

/** tcptop on made-up connections, in a terminal. */
class LiveTerminal {
  readonly terminal: PseudoTerminal;
  /** Its working folder. */
  readonly folder: string;
  #settings = "";

  constructor({ kind = "few", options = [], ...others }: LiveTerminalOptions) {
    this.folder = mkdtempSync(join(tmpdir(), "tcptop-live-"));
    // tcptop starts with the next line, when the terminal's settings have been looked at.
    const script = 'read -r _ && cd "$1" && shift && exec "$0" "$@"';
    const program = [process.execPath, this.folder, PROGRAM, DIST, kind, "-d", "0.2", ...options];
    this.terminal = new PseudoTerminal(["sh", "-c", script, ...program], {
      size: SIZE,
      ...others,
      // Nobody's own settings.
      env: { XDG_CONFIG_HOME: this.folder, TERM: "xterm-256color", LANG: "C.UTF-8", ...others.env },
    });
  }

  async start(): Promise<void> {
    this.#settings = await this.terminal.settings();
    this.terminal.type("\r");
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.terminal.type(bytesOf(key));
  }

  async until(holds: () => boolean): Promise<void> {
    await this.terminal.until(holds);
  }

  async shows(text: string | RegExp): Promise<void> {
    await this.until(() => this.has(text));
  }

  async hides(text: string | RegExp): Promise<void> {
    await this.until(() => !this.has(text));
  }

  has(text: string | RegExp): boolean {
    return this.terminal.lines.some((line) => line.search(text) >= 0);
  }

  /** The rows of the table, without header and footer. */
  get rows(): readonly string[] {
    return this.terminal.lines.slice(TITLES + 1, -1).filter((line) => line.trim() !== "");
  }

  /** The row that looks selected, which none other does; "" for none. */
  get selected(): string {
    const styles = this.rows.map((_, index) => this.#styleAt(0, TITLES + 1 + index));
    const looks = styles.map((style) => (isMarked(style) ? JSON.stringify(style) : ""));
    const index = looks.findIndex((look) => look !== "" && looks.indexOf(look) === looks.lastIndexOf(look));
    return this.rows[index] ?? "";
  }

  /** The title that looks different from the others, without its arrow. */
  get sortedTitle(): string {
    const titles = this.terminal.lines[TITLES] ?? "";
    const usual = JSON.stringify(this.#styleAt(titles.indexOf("LOCAL"), TITLES));
    return [...titles.matchAll(/\S+/g)]
      .filter(({ index }) => JSON.stringify(this.#styleAt(index, TITLES)) !== usual)
      .map(([title]) => title.replace(/[▲▼]/, ""))
      .join(" ");
  }

  async selects(name: string | RegExp): Promise<void> {
    await this.until(() => this.selected.search(name) >= 0);
  }

  async end(): Promise<void> {
    await this.terminal.end();
    rmSync(this.folder, { recursive: true });
  }

  /** That it has ended so, and the terminal is as it was. */
  async hasEnded(state: string): Promise<void> {
    expect(await this.terminal.state((one) => /^(?:exited|killed)/.test(one))).toBe(state);
    await this.isGivenBack();
  }

  async isGivenBack(): Promise<void> {
    expect(this.terminal.modes).toEqual(UNTOUCHED);
    expect(await this.terminal.settings()).toBe(this.#settings);
  }

  #styleAt(x: number, y: number): Style {
    return this.terminal.cell(Math.max(0, x), y).style;
  }
}

function isMarked({ background, reverse }: Style): boolean {
  return background !== null || reverse;
}

function bytesOf(key: string): string {
  const control = /^ctrl\+([a-z])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
  return SENT[key] ?? key;
}

/** With rates on the screen, the busiest first. */
async function liveTerminal(options: LiveTerminalOptions = {}): Promise<LiveTerminal> {
  const live = new LiveTerminal(options);
  onTestFinished(() => live.end());
  await live.start();
  if (options.kind === undefined || options.kind === "many") await live.shows(/client-0*1 .*32\.0k/);
  return live;
}

type Check = (live: LiveTerminal, press: () => void) => Promise<void>;

const FIRST_ROW = "client-01";

/** What is to be seen of each command, from the busiest first with nothing selected, and back to that. */
const CHECKS: Readonly<Record<Command, Check>> = {
  up: async (live, press) => {
    live.press("down");
    await live.selects("client-02");
    press();
    await live.selects(FIRST_ROW);
  },
  down: async (live, press) => {
    press();
    await live.selects("client-02");
    live.press("home");
    await live.selects(FIRST_ROW);
  },
  "page-up": async (live, press) => {
    live.press("page-down");
    await live.selects("client-25");
    press();
    await live.selects(FIRST_ROW);
  },
  "page-down": async (live, press) => {
    press();
    await live.selects("client-25");
    live.press("home");
    await live.selects(FIRST_ROW);
  },
  first: async (live, press) => {
    live.press("page-down");
    await live.selects("client-25");
    press();
    await live.selects(FIRST_ROW);
  },
  last: async (live, press) => {
    press();
    await live.selects(/caller|server|has-ended/);
    live.press("home");
    await live.selects(FIRST_ROW);
  },
  open: async (live, press) => {
    press();
    await live.shows(/^ tcp 10\.0\.0\.1:10001 -> 198\.51\.100\.1:443/);
    live.press("q");
    await live.selects(FIRST_ROW);
  },
  "toggle-group": async (live, press) => {
    live.press("t");
    await live.shows(/^\+ /);
    press();
    await live.shows(/^- /);
    press();
    await live.hides(/^- /);
    live.press("t", "t", "t", "t", "t", "t");
    await live.selects(FIRST_ROW);
  },
  back: async (live, press) => {
    live.press("f", ..."pid = 1003", "enter");
    await live.until(() => live.rows.length === 1);
    press();
    await live.until(() => live.rows.length > 1);
  },
  search: async (live, press) => {
    press();
    await live.shows(/^search: /);
    live.press(..."client-07");
    await live.selects("client-07");
    live.press("escape", "home");
    await live.hides(/^search: /);
  },
  "next-match": async (live, press) => {
    live.press("/", ..."client-1", "enter");
    await live.selects("client-10");
    press();
    await live.selects("client-11");
  },
  "previous-match": async (live, press) => {
    live.press("/", ..."client-1", "enter");
    await live.selects("client-10");
    press();
    await live.selects("client-19");
  },
  filter: async (live, press) => {
    press();
    await live.shows(/^filter: /);
    live.press(..."pid = 1004", "enter");
    await live.until(() => live.rows.length === 1 && live.has("client-04"));
    live.press("escape");
    await live.until(() => live.rows.length > 1);
  },
  "row-filter": async (live, press) => {
    press();
    await live.shows(/remote_addr = 198\.51\.100\.1\b/);
    await live.shows(/netns_inode = \d+$/);
  },
  "sort-menu": async (live, press) => {
    press();
    await live.shows(/^ Sort by/);
    live.press("down", "enter");
    await live.until(() => live.sortedTitle === "RX/s");
    live.press("<");
    await live.until(() => live.sortedTitle === "TX/s");
  },
  "sort-left": async (live, press) => {
    press();
    await live.until(() => live.sortedTitle !== "" && live.sortedTitle !== "RX/s");
  },
  "sort-right": async (live, press) => {
    press();
    await live.until(() => live.sortedTitle === "RX/s" && (live.rows[0] ?? "").includes("server"));
  },
  reverse: async (live, press) => {
    press();
    await live.until(() => live.sortedTitle === "TX/s" && !(live.rows[0] ?? "").includes(FIRST_ROW));
    press();
    await live.until(() => (live.rows[0] ?? "").includes(FIRST_ROW));
  },
  group: async (live, press) => {
    press();
    await live.shows(/^\+ .*client-01/);
    live.press("t", "t", "t", "t", "t", "t");
    await live.hides(/^\+ /);
  },
  columns: async (live, press) => {
    press();
    await live.shows(/^ Columns/);
    live.press("space");
    live.press("q");
    await live.until(() => !/\bPID\b/.test(live.terminal.lines[TITLES] ?? ""));
    press();
    await live.shows(/^ Columns/);
    live.press("end", "q");
  },
  active: async (live, press) => {
    press();
    await live.shows("active only");
    press();
    await live.hides("active only");
  },
  listening: async (live, press) => {
    press();
    await live.shows("ACCEPTQ");
    expect(live.rows).toEqual([expect.stringMatching(/server .*127\.0\.0\.1:8080 +3 +128/)]);
  },
  closed: async (live, press) => {
    press();
    await live.shows("30 s");
    press();
    await live.shows("go at once");
    await live.hides("has-ended");
  },
  pairs: async (live, press) => {
    press();
    live.press("end");
    await live.shows(/caller -> server/);
  },
  names: async (live, press) => {
    // Only what is on this host, which no server is asked for.
    live.press("f", ..."host 127.0.0.1", "enter");
    await live.until(() => live.rows.length <= 3);
    press();
    await live.shows("names");
  },
  pause: async (live, press) => {
    press();
    await live.shows("numbers held");
    press();
    await live.hides("numbers held");
  },
  step: async (live, press) => {
    live.press("p");
    await live.shows("numbers held");
    const [held] = live.rows;
    // What is now may be what was held; and while that is so, nothing on the screen changes.
    const pressAgain = () => {
      press();
      return live.rows[0];
    };
    await expect.poll(pressAgain, { timeout: 10_000, interval: 100 }).not.toBe(held);
    expect(live.has("numbers held")).toBe(true);
  },
  freeze: async (live, press) => {
    press();
    await live.shows("order held");
    press();
    await live.hides("order held");
  },
  interval: async (live, press) => {
    press();
    await live.shows(/^interval/);
    live.press("ctrl+u", ..."0.5", "enter");
    await live.shows(/every 0\.5 ?s/);
  },
  save: async (live, press) => {
    press();
    await live.shows(/\d+ rows written to /);
    const [file = ""] = readdirSync(live.folder).filter((name) => name.endsWith(".ndjson"));
    expect(readFileSync(join(live.folder, file), "utf8")).toContain('"comm":"client-01"');
  },
  kill: async (live, press) => {
    press();
    await live.shows("--allow-kill");
  },
  redraw: async (live, press) => {
    await live.terminal.scribble("\x1b[10;1Hwall: the host goes down");
    expect(live.has("goes down")).toBe(true);
    press();
    await live.hides("goes down");
  },
  suspend: async (live, press) => {
    press();
    await live.terminal.state((state) => state === "stopped");
    await live.isGivenBack();
    live.terminal.tell("foreground");
    await live.until(() => live.terminal.modes.screen === "alternate");
    await live.selects(FIRST_ROW);
    expect(live.terminal.modes).toEqual(TAKEN);
  },
  help: async (live, press) => {
    press();
    await live.shows("to the row above");
    live.press("q");
    await live.hides("to the row above");
  },
  quit: async (live, press) => {
    press();
    await live.hasEnded("exited 0");
  },
};

describe("each key of the table does what it says", () => {
  const keys = KEY_TABLE.flatMap(({ command, keys }) => keys.map((key) => [key, command] as const));
  test.each(keys)("%s: %s", async (key, command) => {
    const live = await liveTerminal();
    await CHECKS[command](live, () => live.press(key));
  });
});

describe("with the mouse", () => {
  const click = (x: number, y: number) => `\x1b[<0;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m`;

  test("a click on a title sorts by it, and another the other way round", async () => {
    const live = await liveTerminal();
    const clickTitle = () =>
      live.terminal.type(click((live.terminal.lines[TITLES] ?? "").indexOf("RTT"), TITLES));
    clickTitle();
    await live.until(() => live.sortedTitle === "RTT" && /client-32|caller|server/.test(live.rows[0] ?? ""));
    clickTitle();
    await live.until(() => (live.rows[0] ?? "").includes(FIRST_ROW));
  });

  test("a click on a row selects it, and another looks closer", async () => {
    const live = await liveTerminal();
    live.terminal.type(click(5, TITLES + 4));
    await live.selects("client-04");
    live.terminal.type(click(5, TITLES + 4));
    await live.shows(/^ tcp 10\.0\.0\.1:10004 ->/);
  });

  test("a click in a menu shows, hides, sorts; beside it, it closes that", async () => {
    const live = await liveTerminal();
    const clickColumn = (title: string) =>
      live.terminal.type(
        click(
          4,
          live.terminal.lines.findIndex((line) => line.slice(3).startsWith(`${title} `)),
        ),
      );
    const titles = () => live.terminal.lines[TITLES] ?? "";
    live.press("c");
    await live.shows(/^ \* COMM /);
    clickColumn("COMM");
    await live.shows(/^ {3}COMM /);
    clickColumn("COMM");
    await live.shows(/^ \* COMM /);
    clickColumn("PID");
    await live.shows(/^ {3}PID /);
    live.terminal.type(click(2, 1));
    await live.until(() => /^COMM/.test(titles()));
    live.press("s");
    await live.shows(/^ Sort by/);
    live.terminal.type("\x1b[<64;5;10M".repeat(10));
    await live.shows(/^ {3}RTT /);
    clickColumn("RTT");
    await live.until(() => live.sortedTitle === "RTT");
  });

  test("the wheel goes through help", async () => {
    const live = await liveTerminal();
    live.press("?");
    await live.shows(/^ Moving/);
    live.terminal.type("\x1b[<65;5;10M");
    await live.hides(/^ Moving/);
    live.terminal.type("\x1b[<64;5;10M");
    await live.shows(/^ Moving/);
  });

  test("a click on what a key does does that", async () => {
    const live = await liveTerminal();
    const clickHint = async (word: string) => {
      const y = SIZE.rows - 1;
      const place = () => (live.terminal.lines[y] ?? "").indexOf(word);
      await live.until(() => place() >= 0);
      live.terminal.type(click(place(), y));
    };
    await clickHint("Pause");
    await live.shows("numbers held");
    await clickHint("Help");
    await live.shows("to the row above");
    await clickHint("Back");
    await live.hides("to the row above");
    await clickHint("Quit");
    await live.hasEnded("exited 0");
  });

  test("the wheel goes through the rows", async () => {
    const live = await liveTerminal();
    live.terminal.type("\x1b[<65;5;10M");
    await live.selects("client-04");
    live.terminal.type("\x1b[<64;5;10M");
    await live.selects(FIRST_ROW);
  });
});

describe("while it is shown", () => {
  test("what is pasted into the filter is text, also its line ends", async () => {
    const live = await liveTerminal();
    live.press("f");
    await live.shows(/^filter: /);
    live.terminal.type("\x1b[200~pid =\r\n1005\x1b[201~");
    await live.shows(/^filter: pid = 1005/);
    live.press("enter");
    await live.until(() => live.rows.length === 1 && live.has("client-05"));
  });

  test("what is pasted elsewhere is no keys", async () => {
    const live = await liveTerminal();
    live.terminal.type("\x1b[200~q\x1b[201~");
    live.press("down");
    await live.selects("client-02");
  });

  test("suspended while something is typed, it goes on there", async () => {
    const live = await liveTerminal();
    live.press("f", ..."rtt >", "ctrl+z");
    await live.terminal.state((state) => state === "stopped");
    await live.isGivenBack();
    live.terminal.tell("foreground");
    await live.shows(/^filter: rtt >/);
  });

  test("a filter that is wrong has a caret at the place", async () => {
    const live = await liveTerminal();
    live.press("f", ..."rtt > 5 parsecs");
    await live.shows(/^ {14,}\^+$/);
    live.press("enter", "escape");
    await live.selects(FIRST_ROW);
  });

  test("another size is filled", async () => {
    const live = await liveTerminal();
    for (const size of [
      { columns: 200, rows: 50 },
      { columns: 40, rows: 10 },
      { columns: 80, rows: 24 },
    ]) {
      live.terminal.resize(size);
      const isFilled = () =>
        live.has(/^tcptop /) && /^Enter Look/.test(live.terminal.lines[size.rows - 1] ?? "");
      await live.until(isFilled);
      expect(live.terminal.lines[0]).toMatch(/^tcptop /);
    }
  });

  test("the selection stays with the connection, not with the line", async () => {
    const live = await liveTerminal();
    live.press("down", "down");
    await live.selects("client-03");
    live.press("R", "R");
    await live.selects("client-03");
  });

  test("closing a connection asks first", async () => {
    const live = await liveTerminal({ options: ["--allow-kill"] });
    live.press("K");
    await live.shows(/^y closes client-01 \(\d+\) tcp 10\.0\.0\.1:10001 - /);
    live.press("n");
    await live.shows("nothing was closed");
    live.press("K");
    await live.shows(/^y closes client-01 /);
    live.press("y");
    await live.shows("not closed: its network namespace can't be entered from here");
  });

  test("100,000 connections", async () => {
    const live = await liveTerminal({ kind: "many" });
    live.press("down");
    await live.selects(/client-0*2 /);
    live.press("end");
    await live.selects(/\S/);
    live.press("home", "/", ..."client-77777");
    await live.selects("18777");
    live.press("ctrl+c");
    await live.hasEnded("exited 0");
  });
});

describe("a collector that does not answer", () => {
  test("is told of, and keys still work", async () => {
    const live = await liveTerminal({ kind: "stalling" });
    await live.shows("stalled: the kernel does not answer");
    live.press("down");
    await live.selects("client-02");
    live.press("q");
    await live.hasEnded("exited 0");
  });

  test("or that fails: the terminal is given back before it is told why", async () => {
    const live = await liveTerminal({ kind: "failing" });
    await live.hasEnded("exited 1");
    expect(live.terminal.lines.join("\n")).toContain("tcptop: the collector broke on purpose");
  });
});

describe("the terminal is given back", () => {
  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("on %s", async (signal) => {
    const live = await liveTerminal();
    expect(live.terminal.modes).toEqual(TAKEN);
    await live.terminal.signal(signal);
    await live.hasEnded("exited 0");
  });

  test("out of a prompt, with Ctrl-C", async () => {
    const live = await liveTerminal();
    live.press("f");
    await live.shows(/^filter: /);
    live.press("ctrl+c");
    await live.hasEnded("exited 0");
  });

  test("after so many snapshots as were asked for, and the last of them stays", async () => {
    const live = new LiveTerminal({ options: ["-n", "2"] });
    onTestFinished(() => live.end());
    await live.start();
    await live.hasEnded("exited 0");
    expect(live.terminal.lines.join("\n")).toMatch(/^\d+ open, \d+ listening.*\n(?:.*\n)*rung fentry\n*$/m);
  });

  test("when it hangs up, tcptop ends", async () => {
    const live = await liveTerminal();
    live.terminal.tell("hangup");
    expect(await live.terminal.state((state) => /^(?:exited|killed)/.test(state))).toBe("exited 0");
  });
});
