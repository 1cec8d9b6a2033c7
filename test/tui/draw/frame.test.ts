import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import type { ProcessDetails } from "../../../src/model/process-details.js";
import type { Snapshot } from "../../../src/model/snapshot.js";
import { textWidth } from "../../../src/model/text-width.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import type { Line, StyleName } from "../../../src/tui/draw/line.js";
import type { LiveState } from "../../../src/tui/live/state.js";
import type { Size } from "../../../src/tui/screen/screen.js";
import { GROUP_BYS } from "../../../src/view/group/grouping.js";
import { EXAMPLE_DETAILS, exampleConnection, listeningSocket } from "../../model/example-connection.js";
import { exampleFrame, LOSSES, VARIED_ROWS } from "../../output/example-frame.js";
import { exampleState, pressed, typing } from "../live/example-state.js";

const SIZES: readonly Size[] = [
  { columns: 40, rows: 10 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 50 },
];

/** A letter for each style, as the goldens have it below the text. */
const LETTERS: Readonly<Record<StyleName, string>> = {
  plain: ".",
  dim: "d",
  strong: "B",
  label: "l",
  title: "t",
  "title-sorted": "T",
  selected: "S",
  match: "M",
  closed: "x",
  group: "g",
  "state-open": "o",
  "state-waiting": "w",
  "state-bad": "b",
  "rate-low": "1",
  "rate-middle": "2",
  "rate-high": "3",
  tx: "^",
  rx: "v",
  warning: "!",
  error: "E",
  key: "k",
  prompt: "p",
  cursor: "_",
};

/** The screen as text, and below it the style of each cell. */
function screenText(lines: readonly Line[], { columns }: Size): string {
  const text = lines.map(({ spans }) =>
    spans
      .map((one) => one.text)
      .join("")
      .trimEnd(),
  );
  const styles = lines.map(({ spans, fill, over }) => {
    const cells = spans.map(({ text, style }) => LETTERS[style].repeat(textWidth(text))).join("");
    return cells.padEnd(columns, LETTERS[fill]) + (over === null ? "" : ` ${over}`);
  });
  return `${text.join("\n")}\n${"=".repeat(columns)}\n${styles.join("\n")}\n`;
}

function stateWith(snapshot: Snapshot, size: Size, changes: Partial<LiveState> = {}): LiveState {
  const cost = { cpuShare: 0.0123, residentBytes: 85_000_000, kernelShare: 0.004 };
  return exampleState(snapshot, { size, cost, past: PAST, ...changes });
}

/** A minute and a half: waves, and a gap in which nothing was known. */
const PAST = Array.from({ length: 90 }, (_, tick) => {
  const isKnown = tick < 30 || tick >= 36;
  return {
    txRate: isKnown ? 1e6 * (1 + Math.sin(tick / 7)) : null,
    rxRate: isKnown ? 3e6 * (1 + Math.cos(tick / 9)) : null,
    rttUs: isKnown ? 1000 + 10 * tick : null,
  };
});

function manyConnections(count: number): readonly Connection[] {
  return Array.from({ length: count }, (_, index) =>
    exampleConnection({
      id: String(index),
      cookie: index,
      pid: 1000 + (index % 50),
      comm: `service-${index % 50}`,
      localPort: 1024 + index,
      remoteAddr: `198.51.100.${index % 250}`,
      txRate: 5000 - index,
      rxRate: index % 7 === 0 ? null : index * 3000,
      rttUs: index * 100,
      retrans: index % 3,
    }),
  );
}

const VARIED = exampleFrame(VARIED_ROWS).snapshot;
const EMPTY = exampleFrame([], {
  totals: { ...VARIED.totals, open: 0, listening: 0, states: new Map() },
}).snapshot;
const MANY = exampleFrame(manyConnections(5000)).snapshot;
const ONE = exampleFrame([
  exampleConnection({
    tcp: EXAMPLE_DETAILS,
    limits: {
      limitedBy: "congestion-window",
      busyShare: 1,
      receiverWindowShare: 0,
      sendBufferShare: 0.0321,
      retransShare: 0.011,
    },
  }),
]).snapshot;
const LOST = exampleFrame(VARIED_ROWS, LOSSES).snapshot;
const LISTENING = exampleFrame([
  { ...listeningSocket(), id: "1", cookie: 1, localPort: 443, acceptQueue: 97, acceptLimit: 128 },
  { ...listeningSocket(), id: "2", cookie: 2, localAddr: "2001:db8:77:0:1:2:3:4", localPort: 8443 },
  {
    ...{ ...listeningSocket(), id: "3", cookie: 3, proto: "udp", state: "UNCONN", localPort: 53, drops: 7 },
    ...{ pid: 53, comm: "resolver", owners: [], acceptQueue: null, acceptLimit: null },
  },
]).snapshot;
/** Both ends of one conversation, over IPv6 addresses that only their ends tell apart. */
const PAIRS = exampleFrame([
  exampleConnection({
    ...{ id: "1", cookie: 1, family: 6, comm: "caller", pid: 10, direction: "out" },
    ...{ localAddr: "2001:db8:77::1", localPort: 51014, remoteAddr: "2001:db8:77::2", remotePort: 443 },
  }),
  exampleConnection({
    ...{ id: "2", cookie: 2, family: 6, comm: "server", pid: 20, direction: "in" },
    ...{ localAddr: "2001:db8:77::2", localPort: 443, remoteAddr: "2001:db8:77::1", remotePort: 51014 },
  }),
  exampleConnection({
    ...{ id: "3", cookie: 3, family: 6, comm: "other" },
    ...{ remoteAddr: "2001:db8:77:8888:9999:aaaa:bbbb:cccc", remotePort: 443 },
  }),
]).snapshot;
/** What speaks to port 443 over TCP, and over UDP. */
const ONE_PEER = { lastMovedNs: 998e9, rttUs: null, retrans: null, proto: "udp" } as const;
const UDP = exampleFrame([
  exampleConnection({ id: "1", cookie: 1, comm: "browser" }),
  exampleConnection({ ...ONE_PEER, id: "2", cookie: 2, comm: "browser", state: "ESTABLISHED" }),
  exampleConnection({ ...ONE_PEER, id: "3", cookie: 3, comm: "resolver", state: "UNCONN", remotePort: 53 }),
  exampleConnection({
    ...{ ...ONE_PEER, id: "4", cookie: 4, comm: "resolver", state: "UNCONN", remotePort: 53 },
    ...{ closed: true, closedNs: 999e9, endReason: "idle" },
  }),
]).snapshot;
const WORKER: ProcessDetails = {
  ...{ startedNs: 1, user: "www-data", cgroup: "/system.slice/web.service", container: "web.service" },
  cmdline: `/usr/sbin/web --worker ${"--option=a-long-one ".repeat(20).trim()}`,
};
/** A socket of three workers that are alike, and of somebody else. */
const SHARED = exampleFrame(
  [
    exampleConnection({
      ...{ id: "1", cookie: 1, pid: 10, comm: "web", process: WORKER },
      owners: [
        { pid: 10, comm: "web", source: "accept" },
        { pid: 11, comm: "web", source: "holder" },
        { pid: 12, comm: "web", source: "holder" },
        { pid: 99, comm: "stranger", source: "holder" },
      ],
    }),
  ],
  {
    processes: new Map([
      [10, WORKER],
      [11, { ...WORKER, startedNs: 2 }],
      [12, { ...WORKER, startedNs: 3 }],
      [99, { ...WORKER, cmdline: "stranger -x \u001b[2J", user: "mallory", container: null }],
    ]),
  },
).snapshot;

describe.each(SIZES)("$columns x $rows", (size) => {
  const golden = (name: string) => `../../golden/screens/${name}-${size.columns}x${size.rows}.txt`;

  test.each([
    ["empty", stateWith(EMPTY, size)],
    ["varied", stateWith(VARIED, size)],
    ["5000", stateWith(MANY, size)],
    ["losses", stateWith(LOST, size)],
    ["groups", pressed(stateWith(MANY, size), "t", "down", "enter").state],
    ["one", { ...pressed(stateWith(ONE, size), "enter").state, rowPast: PAST }],
    ["help", pressed(stateWith(EMPTY, size), "?").state],
    ["udp", stateWith(UDP, size)],
    ["sort", pressed(stateWith(VARIED, size), "s").state],
    ["columns", pressed(stateWith(VARIED, size), "c").state],
    ["listening", pressed(stateWith(LISTENING, size), "l").state],
    ["listening-groups", pressed(stateWith(LISTENING, size), "l", "t", "down", "up", "enter").state],
    ["search", pressed(stateWith(MANY, size), "/", ...typing("service-7"), "enter").state],
    ["pairs", pressed(stateWith(PAIRS, size), "m").state],
    ["shared", { ...pressed(stateWith(SHARED, size), "enter").state, rowPast: PAST }],
    ["filter-error", pressed(stateWith(VARIED, size), "f", ...typing("rtt > 5 parsecs")).state],
    ["held", pressed(stateWith(MANY, size), "p", "o", "a").state],
  ])("%s", async (name, state) => {
    const lines = frameOf(state);
    expect(lines).toHaveLength(size.rows);
    await expect(screenText(lines, size)).toMatchFileSnapshot(golden(name));
  });
});

test("no line is wider than the screen, and none has a control character, whatever the size", () => {
  for (let columns = 1; columns <= 130; columns += 3) {
    for (const lines of [1, 2, 3, 5, 11, 12, 19, 20, 45]) {
      const frame = frameOf(stateWith(LOST, { columns, rows: lines }));
      expect(frame).toHaveLength(lines);
      for (const { spans } of frame) {
        const text = spans.map((one) => one.text).join("");
        expect(textWidth(text)).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }
    }
  }
}, 60_000);

/** Of one state, the text of each line. */
function textLines(state: LiveState): readonly string[] {
  return frameOf(state).map(({ spans }) =>
    spans
      .map(({ text }) => text)
      .join("")
      .trimEnd(),
  );
}

test("the title that rows are sorted by says which way", () => {
  const size = { columns: 120, rows: 24 };
  const titles = (...keys: readonly string[]) => textLines(pressed(stateWith(MANY, size), ...keys).state)[4];
  expect(titles()).not.toMatch(/[▲▼]/);
  expect(titles("s", "home", "down", "enter")).toMatch(/ COMM▲ /);
  expect(titles(">")).toMatch(/ ▼RX\/s /);
  expect(titles(">", "R")).toMatch(/ ▲RX\/s /);
});

test.each([
  ["t", "by process"],
  ["a", "active only"],
  ["m", "pairs as one"],
])("the header says what %s has changed", (key, words) => {
  expect(textLines(pressed(stateWith(MANY, { columns: 120, rows: 24 }), key).state)[0]).toContain(words);
});

test("a filter is in the header, cut where it has to be", () => {
  const state = stateWith(MANY, { columns: 80, rows: 24 });
  const filter = "comm = service-1 or comm = service-2 or comm = service-3";
  const [header] = textLines(pressed(state, "f", ...typing(filter), "enter").state);
  expect(header).toContain("filter comm = service-1");
  expect(header).toContain("…");
});

test.each([40, 80])("what is typed is seen on %i columns, however long it is", (columns) => {
  const state = stateWith(EMPTY, { columns, rows: 24 });
  const filter = `comm = ${"x".repeat(100)} and rtt > 5 parsecs`;
  const all = textLines(pressed(state, "f", ...typing(filter)).state);
  const lines = all.slice(all.findIndex((text) => text.startsWith("filter: ")));
  expect(lines[0]).toMatch(/^filter: ….*5 parsecs$/);
  expect(lines[1]?.indexOf("^")).toBe(lines[0]?.lastIndexOf("5"));
  expect(textLines(pressed(state, "f", ...typing(filter), "home").state).join("\n")).toMatch(
    /^filter: comm = x/m,
  );
});

test("the chosen entry of a menu is on the screen, and what has no room is marked", () => {
  const state = stateWith(VARIED, { columns: 80, rows: 12 });
  const lines = textLines(pressed(state, "c", "end").state);
  expect(lines.join("\n")).toMatch(/^ {3}ID /m);
  const top = textLines(pressed(state, "c").state).join("\n");
  expect(top).toMatch(/^ \* COMM /m);
  expect(top).toMatch(/^ - LOCAL /m);
});

test("where both ends are one row, the names of both have room on 80 columns", () => {
  const size = { columns: 80, rows: 24 };
  const ends = [
    { id: "1", cookie: 1, comm: "frontend", localAddr: "127.0.0.1", remoteAddr: "127.0.0.1" },
    { id: "2", cookie: 2, comm: "api-server", localAddr: "127.0.0.1", remoteAddr: "127.0.0.1" },
  ] as const;
  const [client, server] = [
    exampleConnection({ ...ends[0], localPort: 50_000, remotePort: 80, direction: "out" }),
    exampleConnection({ ...ends[1], localPort: 80, remotePort: 50_000, direction: "in" }),
  ];
  const { state } = pressed(stateWith(exampleFrame([client, server]).snapshot, size), "m");
  expect(screenText(frameOf(state), size)).toContain("frontend -> api-server");
});

describe("groups have both rates, and how many they sum up, whole", () => {
  const long = manyConnections(300).map((connection, index) => ({
    ...connection,
    ...{
      pid: 4_194_000 + (index % 2),
      comm: "a-name-of-15-by",
      remoteAddr: "2001:db8:1111:2222:3333:4444:5555:6666",
    },
    ...{ txRate: 1_000_000, rxRate: 10_000_000 },
  }));
  const snapshot = exampleFrame(long).snapshot;

  test.each(GROUP_BYS)("by %s, from 40 columns on", (by) => {
    for (let columns = 40; columns <= 200; columns += 1) {
      const size = { columns, rows: columns < 80 ? 10 : 24 };
      const grouped = GROUP_BYS.slice(0, GROUP_BYS.indexOf(by) + 1).map(() => "t");
      const lines = textLines(pressed(stateWith(snapshot, size), "m", ...grouped).state);
      const titles = lines.findIndex((text) => text.includes("TX/s"));
      expect(lines[titles]).toMatch(/TX\/s {2}RX\/s/);
      const groups = lines.slice(titles + 1).filter((text) => text.startsWith("+ "));
      expect(groups.length).toBeGreaterThan(0);
      for (const group of groups)
        expect(group).toMatch(/ (1|150|300)( connections?)? .* ?(1\.00M|150M|300M) (10\.0M|1\.50G|3\.00G)/);
    }
  });
});
