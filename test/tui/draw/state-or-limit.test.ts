import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import type { Limit } from "../../../src/model/limits.js";
import { LIVE_COLUMNS } from "../../../src/model/screen-columns.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import type { Line } from "../../../src/tui/draw/line.js";
import { DEFAULT_SETTINGS } from "../../../src/tui/live/settings.js";
import type { LiveState } from "../../../src/tui/live/state.js";
import { exampleState, snapshotOf } from "../live/example-state.js";

const NARROW = { columns: 80, rows: 24 };
const WIDE = { columns: 200, rows: 50 };

function limited(limitedBy: Limit | null, changes: Partial<Connection> = {}): Partial<Connection> {
  const shares = { busyShare: 1, receiverWindowShare: 0, sendBufferShare: 0, retransShare: 0 };
  return { limits: { limitedBy, ...shares }, ...changes };
}

function shown(connection: Partial<Connection>, changes: Partial<LiveState> = {}) {
  const lines = frameOf(exampleState(snapshotOf(connection), { size: NARROW, ...changes }));
  const rowAt = lines.findIndex((one) => textOf(one).includes("curl"));
  return { titles: textOf(lines[rowAt - 1]), row: textOf(lines[rowAt]), spans: lines[rowAt]?.spans ?? [] };
}

function textOf(one: Line | undefined): string {
  return (one?.spans ?? []).map(({ text }) => text).join("");
}

describe("on 80 columns, where LIMITED has no room", () => {
  test("STATE says what holds a connection back in place of ESTABLISHED", () => {
    const { titles, row, spans } = shown(limited("lossy"));
    expect(titles).toMatch(/ STATE\/WHY +TX\/s/);
    expect(row).toMatch(/ lossy +\d/);
    expect(row).not.toContain("ESTABLISHED");
    expect(spans.find(({ text }) => text.startsWith("lossy"))?.style).toBe("warning");
    expect(shown(limited("receiver-window")).row).toMatch(/ receiver-w… /);
    expect(shown(limited("idle")).spans.find(({ text }) => text.startsWith("idle"))?.style).toBe("dim");
  });

  test("but not in place of a state that says more, or where nothing is known", () => {
    expect(shown(limited(null)).row).toContain(" ESTABLISHED ");
    expect(shown({ limits: null }).row).toContain(" ESTABLISHED ");
    expect(shown(limited("lossy", { state: "FIN_WAIT1" })).row).toContain(" FIN_WAIT1 ");
    const ended = limited("lossy", { closed: true, endReason: "fin", change: "closed" });
    expect(shown(ended).row).toContain(" closed: fin ");
  });

  test("STATE stays what it is for whoever took LIMITED away", () => {
    const columns = LIVE_COLUMNS.filter(({ title }) => title !== "LIMITED");
    const { titles, row } = shown(limited("lossy"), { settings: { ...DEFAULT_SETTINGS, columns } });
    expect(titles).toMatch(/ STATE +TX\/s/);
    expect(row).toContain(" ESTABLISHED ");
  });

  test("below a group, too", () => {
    const settings = { ...DEFAULT_SETTINGS, groupBy: "process", openGroups: new Set([1234]) } as const;
    const lines = frameOf(exampleState(snapshotOf(limited("lossy")), { size: NARROW, settings }));
    expect(lines.map(textOf).find((text) => text.startsWith("└"))).toMatch(/ lossy /);
  });
});

test("both stand side by side where there is room", () => {
  const { titles, row } = shown(limited("lossy"), { size: WIDE });
  expect(titles).toMatch(/ STATE .* LIMITED /);
  expect(row).toMatch(/ ESTABLISHED .* lossy /);
});
