import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/model/connection.js";
import { createSink } from "../../src/output/create-sink.js";
import { OUTPUT_FORMATS, type OutputFormat } from "../../src/output/sink.js";
import { anyText } from "../any-text.js";
import { exampleConnection } from "../model/example-connection.js";
import { exampleFrame, LOSSES } from "./example-frame.js";

const HOSTILE = fc.oneof(
  anyText(),
  fc.constantFrom(
    "\u001b[2J\u001b]0;owned\u0007",
    "\u009b2J",
    "a\u202eb",
    "x\r\ny",
    "\u2028",
    "\ud83d",
    "=1\t",
  ),
);

/** What is written, with hostile text wherever text comes from outside. */
function written(format: OutputFormat, hostile: string): string {
  const row: Connection = exampleConnection({
    comm: hostile,
    localAddr: `fe80::1%${hostile}`,
    remoteAddr: hostile,
    owners: [{ pid: 1, comm: hostile, source: "holder" }],
    deviceName: hostile,
    netnsName: hostile,
    process: { startedNs: 1, cmdline: hostile, user: hostile, cgroup: hostile, container: hostile },
  });
  const frame = exampleFrame([row, row], { ...LOSSES, stalled: { what: hostile, sinceMs: 0 } });
  const sink = createSink(format, 100);
  return sink.preamble + sink.frame({ ...frame, host: hostile }) + sink.separator;
}

describe.each(OUTPUT_FORMATS)("%s", (format) => {
  test("lets no control character through, and no line that is not its own", () => {
    const lineEnd = format === "csv" ? "\r\n" : "\n";
    const lineCount = written(format, "name").split(lineEnd).length;
    fc.assert(
      fc.property(HOSTILE, (hostile) => {
        const lines = written(format, hostile).split(lineEnd);
        expect(lines).toHaveLength(lineCount);
        expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\p{Bidi_Control}]/u);
      }),
    );
  });

  test("is the same text for the same frame", () => {
    expect(written(format, "name")).toBe(written(format, "name"));
  });
});
