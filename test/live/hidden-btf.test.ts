import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";
import { framesOf } from "./tcptop-lines.js";

// A kernel without BTF, as far as tcptop can see: in a mount namespace of its own an empty folder hides it.

const HIDE = 'mount --bind "$1" /sys/kernel/btf && shift && exec "$0" "$@"';

let empty: string;

beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), "tcptop-no-btf-"));
});

afterAll(() => rmdirSync(empty));

function withoutBtf(...args: readonly string[]): Promise<Ended> {
  return runProgram("unshare", ["--mount", "sh", "-c", HIDE, TCPTOP, empty, "-n", "1", ...args]);
}

test("the best rung without eBPF, and one line that says why", async () => {
  const { status, stdout, stderr } = await withoutBtf("-o", "ndjson");
  expect(status).toBe(0);
  expect(stderr).toMatch(/^tcptop: using rung netlink: [^\n]+ \(this kernel has no BTF[^\n]+\n$/);
  expect(framesOf(stdout)).toMatchObject([{ summary: { rung: "netlink" } }]);
});

test("--rung tracepoint: status 3, and why", async () => {
  const ended = await withoutBtf("--rung", "tracepoint");
  expect(ended).toMatchObject({ status: 3, stdout: "" });
  expect(ended.stderr).toMatch(/^tcptop: this kernel has no BTF[^\n]+\n$/);
});
