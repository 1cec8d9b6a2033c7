import { expect, test } from "vitest";
import { runProgram } from "../live/run-program.js";
import { TCPTOP } from "../live/tcptop.js";

test("a kernel before 5.12, with eBPF forced: status 3, and one line that names what it lacks", async () => {
  const ended = await runProgram(TCPTOP, ["-b", "-n", "1", "--rung", "tracepoint"]);
  expect(ended).toMatchObject({ status: 3, stdout: "" });
  expect(ended.stderr.split("\n")).toHaveLength(2);
  expect(ended.stderr).toMatch(/^tcptop: this kernel has no /);
  expect(ended.stderr).toContain("socket storage for BPF tracing programs (Linux 5.11)");
  expect(ended.stderr).toContain("socket cookies for BPF tracing programs (Linux 5.12)");
});

test("a kernel before 5.12: /proc, and one line that says why", async () => {
  const ended = await runProgram(TCPTOP, ["-b", "-n", "1"]);
  expect(ended.status).toBe(0);
  expect(ended.stdout).toContain("rung proc");
  expect(ended.stderr).toMatch(
    /^tcptop: using rung proc: [^\n]* \(this kernel has no [^\n]*\); run tcptop on a newer kernel\n$/,
  );
});
