import { createInterface } from "node:readline";

import { enterOwnNamespace, makeTraffic } from "../../selftest/traffic.js";

// The process that moves known bytes for `tcptop selftest`. It enters a namespace of its own and says so; given a line it makes
// the traffic, and tells what that was; given another it closes everything; it ends with its stdin.
process.title = "tcptop-selftest";
const orders = createInterface(process.stdin)[Symbol.asyncIterator]();

const shared = enterOwnNamespace();
tell("ready");
await orders.next();
const traffic = makeTraffic(shared);
tell(JSON.stringify(traffic.truth));
await orders.next();
traffic.close();
tell("closed");
await orders.next();
process.exit(0);

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
