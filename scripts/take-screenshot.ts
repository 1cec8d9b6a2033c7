// Runs tcptop in a terminal of its own for a while, and writes what it shows then as SVG to stdout. As root, with util-linux:
// node dist/scripts/take-screenshot.js SECONDS KEYS [OPTION...] > docs/screenshot.svg
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { screenPicture } from "./screen-picture.js";

const SIZE = { columns: 132, rows: 28 };
/** From a key to what it does, also on a busy machine. */
const KEY_MS = 1500;
const TCPTOP = fileURLToPath(new URL("../../bin/tcptop", import.meta.url));

const [seconds = "10", keys = "", ...options] = process.argv.slice(2);
const terminal = new xterm.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
const command = `stty cols ${SIZE.columns} rows ${SIZE.rows}; exec ${TCPTOP} ${options.join(" ")}`;
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
process.stdout.write(screenPicture(terminal));
child.stdin.write("\x03");
