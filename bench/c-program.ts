import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The checkout, seen from dist/bench. */
const CHECKOUT = new URL("../../", import.meta.url);
const BUILD = fileURLToPath(new URL("build/bench/", CHECKOUT));
const FLAGS = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"];

/** Compiles bench/<name>.c and returns the program's path. Throws with gcc's words. */
export function buildProgram(name: "crowd" | "flows" | "hold" | "load" | "timed"): string {
  const source = fileURLToPath(new URL(`bench/${name}.c`, CHECKOUT));
  const output = `${BUILD}${name}`;
  const unfinished = `${output}.${process.pid}`;
  mkdirSync(BUILD, { recursive: true });
  execFileSync("gcc", [...FLAGS, source, "-o", unfinished], { stdio: ["ignore", "ignore", "inherit"] });
  // Another run may have it open: it changes in one step.
  renameSync(unfinished, output);
  return output;
}
