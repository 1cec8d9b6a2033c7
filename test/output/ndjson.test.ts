import fc from "fast-check";
import { expect, test } from "vitest";
import { COLUMNS } from "../../src/model/columns.js";
import { harmless } from "../../src/model/text.js";
import { ndjsonSink } from "../../src/output/ndjson.js";
import type { Frame } from "../../src/output/sink.js";
import { anyText } from "../any-text.js";
import { exampleConnection, unknownConnection } from "../model/example-connection.js";
import { exampleFrame, LOSSES, VARIED_ROWS } from "./example-frame.js";

function read(frame: Frame): readonly Readonly<Record<string, unknown>>[] {
  const text = ndjsonSink().frame(frame);
  expect(text.endsWith("\n")).toBe(true);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("varied rows look like this", async () => {
  await expect(ndjsonSink().frame(exampleFrame(VARIED_ROWS, LOSSES))).toMatchFileSnapshot(
    "../golden/varied.ndjson",
  );
});

test("a connection's line has its type, then every column in the order of the schema", () => {
  const [known, unknown] = read(exampleFrame([exampleConnection(), unknownConnection()]));
  const keys = ["type", ...COLUMNS.map(({ name }) => name)];
  expect(Object.keys(known ?? {})).toEqual(keys);
  expect(Object.keys(unknown ?? {})).toEqual(keys);
  expect(known?.["type"]).toBe("connection");
  expect(unknown?.["pid"]).toBeNull();
});

test("values have the types that the schema says", () => {
  const [line] = read(exampleFrame([exampleConnection()]));
  expect(line).toMatchObject({ id: "4711", family: "4", local_port: 43210, owners: [1234], closed: false });
});

test("the summary is the last line, also of a frame without rows, and always has every field", () => {
  expect(read(exampleFrame([]))).toEqual([
    {
      type: "summary",
      time: "2026-11-23T08:30:00.123Z",
      host: "web1",
      rung: "tracepoint",
      interval_ms: 1000,
      open: 5,
      listening: 1,
      closed: 40,
      untracked: 0,
      shown: 0,
      tx_bytes: 1_200_000_000,
      rx_bytes: 3_456_789,
      tx_rate: 340_123,
      rx_rate: 1000,
      tcp_tx_bytes: 1_199_000_000,
      tcp_rx_bytes: 3_400_000,
      tcp_tx_rate: 340_000,
      tcp_rx_rate: 900,
      udp_tx_bytes: 1_000_000,
      udp_rx_bytes: 56_789,
      udp_tx_rate: 123,
      udp_rx_rate: 100,
      interfaces: "lo eth0",
      interfaces_tx_bytes: 1_260_000_000,
      interfaces_rx_bytes: 60_123_456,
      interfaces_tx_rate: 357_000,
      interfaces_rx_rate: 11_000,
      interfaces_excess: 8,
      folded_connections: 0,
      folded_tx_bytes: 0,
      folded_rx_bytes: 0,
      folded_retrans_bytes: 0,
      missed_events: 0,
      lost_opens: 0,
      lost_states: 0,
      lost_owners: 0,
      lost_udp_ends: 0,
      stalled: null,
      stalled_ms: null,
    },
  ]);
});

test("the summary says what was lost", () => {
  expect(read(exampleFrame([exampleConnection()], LOSSES)).at(-1)).toMatchObject({
    shown: 1,
    untracked: 7,
    folded_connections: 3,
    folded_tx_bytes: 1500,
    folded_rx_bytes: 25,
    folded_retrans_bytes: 10,
    missed_events: 2,
    lost_opens: 4,
    lost_owners: 5,
    lost_udp_ends: 6,
    stalled: "the walk of network namespace 4026531840",
    stalled_ms: 3210,
  });
});

test("in the first snapshot there is no interval and no rate", () => {
  const { totals } = exampleFrame([]).snapshot;
  const first = exampleFrame([], { intervalMs: null, totals: { ...totals, txRate: null, rxRate: null } });
  expect(read(first)[0]).toMatchObject({ interval_ms: null, tx_rate: null, rx_rate: null });
});

test("every name comes back, but for what makes it harmless", () => {
  fc.assert(
    fc.property(anyText(), (comm) => {
      expect(read(exampleFrame([exampleConnection({ comm })]))[0]?.["comm"]).toBe(harmless(comm));
    }),
  );
});
