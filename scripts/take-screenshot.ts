// Runs tcptop in a terminal of its own for a while, and writes what it shows then to stdout, as SVG or as text. As root, with util-linux:
// node dist/scripts/take-screenshot.js svg 132x28 SECONDS KEYS [OPTION...] > docs/screenshot.svg
// node dist/scripts/take-screenshot.js text 80x24 SECONDS KEYS [OPTION...]
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { screenPicture } from "./screen-picture.js";

/** From a key to what it does, also on a busy machine. */
const KEY_MS = 1500;
const TCPTOP = fileURLToPath(new URL("../../bin/tcptop", import.meta.url));

const [format = "svg", size = "132x28", seconds = "10", keys = "", ...options] = process.argv.slice(2);
const [columns = 80, rows = 24] = size.split("x").map(Number);
const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
const command = `stty cols ${columns} rows ${rows}; exec ${TCPTOP} ${options.join(" ")}`;
const child = spawn("script", ["-qec", command, "/dev/null"], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, TERM: "xterm-256color", COLORTERM: "truecolor", LANG: "C.UTF-8" },
});
child.stdout.on("data", (chunk: Buffer) => terminal.write(chunk));
terminal.onData((answer) => child.stdin.write(answer));
await sleep(Number(seconds) * 1000);
for (const key of keys) {
  child.stdin.write(key === "\n" ? "\r" : key);
  await sleep(KEY_MS);
}
process.stdout.write(format === "text" ? screenText(terminal) : screenPicture(terminal));
child.stdin.write("\x03");

/** What the terminal shows, line by line. */
function screenText({ buffer, rows }: xterm.Terminal): string {
  const lines = Array.from(
    { length: rows },
    (_, y) => buffer.active.getLine(y)?.translateToString(true) ?? "",
  );
  return `${lines.join("\n")}\n`;
}
