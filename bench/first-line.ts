import { SS, TCPTOP } from "./commands.js";
import type { CommandTimer } from "./cost.js";
import type { HeldConnections } from "./held-connections.js";
import type { Plan } from "./plan.js";
import { row, type Section } from "./report.js";

const TCPTOP_ONCE = [TCPTOP, "-n", "1", "-o", "ndjson"] as const;
/** What nothing that runs on Node.js can start faster than. */
const NODE_ALONE = [process.execPath, "-e", "console.log()"] as const;

/** From the start of the command to the first byte that it writes. */
export async function firstLine(held: HeldConnections, timer: CommandTimer, plan: Plan): Promise<Section> {
  const tcptop: number[] = [];
  const ss: number[] = [];
  const node: number[] = [];
  for (let start = 0; start < plan.starts; start++) {
    tcptop.push(await timer.firstByteMs(TCPTOP_ONCE));
    ss.push(await timer.firstByteMs(SS));
    node.push(await timer.firstByteMs(NODE_ALONE));
  }
  const name = SS.join(" ");
  return {
    title: `Start to first line over ${held.count} connections (${2 * held.count} sockets)`,
    rows: [
      row("tcptop -n 1 -o ndjson", "ms", tcptop, { name, values: ss }),
      row("node alone", "ms", node, { name, values: ss }),
      row(name, "ms", ss),
    ],
  };
}
