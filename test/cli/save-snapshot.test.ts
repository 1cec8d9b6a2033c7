import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { saveSnapshot } from "../../src/cli/save-snapshot.js";
import { emptySnapshot } from "../../src/model/snapshot.js";
import { exampleConnection } from "../model/example-connection.js";

const NAME = "tcptop-2026-11-23T12-00-00-000Z";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tcptop-save-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function save(...folders: readonly string[]): string {
  const snapshot = { ...emptySnapshot(), timeMs: Date.UTC(2026, 10, 23, 12, 0, 0) };
  const rows = [exampleConnection({ id: "7" })];
  return saveSnapshot({ host: "web1", rung: "fentry", snapshot, rows }, folders);
}

test("a new file that only its owner may read, and its whole path", () => {
  const path = join(folder, `${NAME}.ndjson`);
  expect(save(folder)).toBe(`1 rows written to ${path}`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toMatch(/^\{"type":"connection"[^\n]*"id":"7"/);
});

describe("what is there is not written to", () => {
  test("a file: the next name is taken, and after nine none", () => {
    for (let number = 1; number <= 9; number++) save(folder);
    expect(readdirSync(folder)).toHaveLength(9);
    expect(readdirSync(folder)).toContain(`${NAME}-9.ndjson`);
    expect(save(folder)).toContain("not written: ");
    expect(readdirSync(folder)).toHaveLength(9);
  });

  test("a link, whether or not it leads anywhere", () => {
    const [kept, made] = [join(folder, "kept"), join(folder, "made")];
    writeFileSync(kept, "as it was");
    mkdirSync(join(folder, "open"));
    symlinkSync(kept, join(folder, "open", `${NAME}.ndjson`));
    symlinkSync(made, join(folder, "open", `${NAME}-2.ndjson`));
    expect(save(join(folder, "open"))).toContain(`${NAME}-3.ndjson`);
    expect(readFileSync(kept, "utf8")).toBe("as it was");
    expect(readdirSync(folder)).not.toContain("made");
  });
});

describe("where no file can be made", () => {
  test("the next folder is taken", () => {
    expect(save(join(folder, "missing"), folder)).toBe(`1 rows written to ${join(folder, NAME)}.ndjson`);
  });

  test("in any, each is named, and what helps", () => {
    writeFileSync(join(folder, "file"), "");
    const said = save(join(folder, "missing"), join(folder, "file"));
    expect(said).toBe(
      `not written: ${folder}/missing: ENOENT, ${folder}/file: ENOTDIR; set TMPDIR to a folder that tcptop may write to`,
    );
  });
});
