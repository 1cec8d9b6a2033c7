// The process that waits for the kernel in place of tcptop: commands come on stdin, netlink messages go to stdout. See
// socket-dumps.ts.
import { readSync, writeSync } from "node:fs";

import { emptyMessage } from "./sock-diag-messages.js";
import { type DumpCommand, SocketDumper } from "./socket-dumper.js";

const STDIN = 0;
const STDOUT = 1;

/** All at once and in order: there is nothing that it could do meanwhile. */
function writeAll(bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(STDOUT, bytes, at);
}

function* linesOfStdin(): Generator<string> {
  const chunk = Buffer.allocUnsafe(4096);
  let rest = "";
  for (;;) {
    const length = readSync(STDIN, chunk, 0, chunk.length, null);
    if (length === 0) return;
    const lines = (rest + chunk.toString("latin1", 0, length)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

const dumper = new SocketDumper(writeAll);
writeAll(emptyMessage());
for (const line of linesOfStdin()) dumper.obey(JSON.parse(line) as DumpCommand);
dumper.close();
