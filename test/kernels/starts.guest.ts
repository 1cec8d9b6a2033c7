import { expect, test } from "vitest";
import { FORCED_RUNG, withForcedRung } from "../live/forced-rung.js";
import { runProgram } from "../live/run-program.js";
import { START_NOTICES } from "../live/start-notices.js";
import { TCPTOP } from "../live/tcptop.js";
import { FrameReader } from "../live/tcptop-lines.js";

const ONE_SECOND = ["-b", "-o", "ndjson", "-d", "0.5", "-n", "2", "--debug"];

test("tcptop starts: programs load and attach, frames come, and it ends", async () => {
  // Should they not load, the verifier's log comes on stderr.
  const ended = await runProgram(TCPTOP, withForcedRung(ONE_SECOND));
  expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status: 0, stderr: START_NOTICES });
  const reader = new FrameReader();
  const frames = ended.stdout
    .trimEnd()
    .split("\n")
    .flatMap((line) => reader.take(line) ?? []);
  expect(frames.map(({ summary }) => summary)).toMatchObject(
    Array(2).fill({ rung: FORCED_RUNG, missed_events: 0, folded_connections: 0 }),
  );
});
