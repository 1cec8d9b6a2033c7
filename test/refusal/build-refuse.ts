import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("refuse.c", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../build/refusal/", import.meta.url));
const FLAGS = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror"];

/** Compiles test/refusal/refuse.c, and returns the program's path. Throws with gcc's words. */
export function buildRefuse(): string {
  const program = `${FOLDER}refuse`;
  const unfinished = `${program}.${process.pid}`;
  mkdirSync(FOLDER, { recursive: true });
  try {
    execFileSync("gcc", [...FLAGS, SOURCE, "-o", unfinished], { stdio: ["ignore", "ignore", "pipe"] });
    // Another run may have it open: it changes in one step.
    renameSync(unfinished, program);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return program;
}
