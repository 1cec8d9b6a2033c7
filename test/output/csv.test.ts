import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COLUMNS } from "../../src/model/columns.js";
import type { Connection } from "../../src/model/connection.js";
import { harmless } from "../../src/model/text.js";
import { csvSink } from "../../src/output/csv.js";
import { anyText } from "../any-text.js";
import { exampleConnection, listeningSocket, unknownConnection } from "../model/example-connection.js";
import { readCsv } from "./csv-reader.js";
import { exampleFrame, LOSSES, VARIED_ROWS } from "./example-frame.js";

const NAMES = COLUMNS.map(({ name }) => name);

function read(rows: readonly Connection[]): readonly Readonly<Record<string, string>>[] {
  return readCsv(csvSink().frame(exampleFrame(rows))).map((cells) => {
    expect(cells).toHaveLength(NAMES.length);
    return Object.fromEntries(NAMES.map((name, index) => [name, cells[index] ?? ""]));
  });
}

function commCell(comm: string): string | undefined {
  return read([exampleConnection({ comm })])[0]?.["comm"];
}

test("varied rows look like this", async () => {
  const sink = csvSink();
  const text = sink.preamble + sink.frame(exampleFrame(VARIED_ROWS));
  await expect(text).toMatchFileSnapshot("../golden/varied.csv");
});

test("the names come once, before all frames", () => {
  const sink = csvSink();
  expect(readCsv(sink.preamble)).toEqual([NAMES]);
  expect(sink.frame(exampleFrame([exampleConnection()]))).not.toContain("local_addr");
  expect(sink.separator).toBe("");
});

test("lines end in CR LF, and a frame without rows is nothing", () => {
  expect(csvSink().frame(exampleFrame([exampleConnection()]))).toMatch(/^[^\r\n]+\r\n$/);
  expect(csvSink().frame(exampleFrame([], LOSSES))).toBe("");
});

test("unknown is empty, truths are words, owners are joined", () => {
  expect(read([unknownConnection()])[0]).toMatchObject({ pid: "", tx_rate: "", owners: "", closed: "false" });
  expect(read([listeningSocket()])[0]).toMatchObject({
    owners: "80;81;82;83",
    remote_port: "",
    accept_queue: "3",
  });
});

describe("a cell that a spreadsheet would run", () => {
  test.each(["=cmd|' /C calc'!A0", "+1+1", "-bash", "@SUM(A1)", "＝1+1", '=HYPERLINK("http://x","y")'])(
    "%j becomes text",
    (comm) => {
      expect(commCell(comm)).toBe(`'${comm}`);
    },
  );

  test("is seen behind control characters too", () => {
    expect(commCell("\u0001\t\r=1")).toBe("'=1");
  });

  test("is no number below 0 and no address", () => {
    expect(read([exampleConnection({ localAddr: "::1", rttUs: -1 })])[0]).toMatchObject({
      local_addr: "::1",
      rtt_us: "-1",
    });
  });
});

test("every name comes back, but for what makes it harmless", () => {
  fc.assert(
    fc.property(anyText(), (comm) => {
      const clean = harmless(comm);
      expect(commCell(comm)).toBe(/^[=+\-@＝＋－＠]/.test(clean) ? `'${clean}` : clean);
    }),
  );
});

test("separators of any locale stay inside of their cell", () => {
  const line = csvSink().frame(exampleFrame([exampleConnection({ comm: 'a,b;"c"' })]));
  expect(line).toContain(',"a,b;""c""",');
});
