import { ConnectionTable } from "../src/engine/connection-table.js";
import { type RowContext, rowContext } from "../src/model/column.js";
import { findColumn } from "../src/model/columns.js";
import type { Connection } from "../src/model/connection.js";
import { compileFilter } from "../src/view/filter/compile.js";
import { parseFilter } from "../src/view/filter/parse.js";
import { groupConnections } from "../src/view/group/group.js";
import { sortGroups } from "../src/view/group/group-tree.js";
import { BUSIEST_FIRST, columnOrder, sortConnections } from "../src/view/order.js";
import { searchPredicate } from "../src/view/search.js";
import type { Plan } from "./plan.js";
import { row, type Section } from "./report.js";
import { SyntheticConnections } from "./synthetic-sample.js";

const BASELINE = "a plain loop over all rows";

type View = (connections: readonly Connection[], context: RowContext) => unknown;

const VIEWS: readonly { readonly name: string; readonly view: View }[] = [
  ...[
    "tx_rate > 1MB/s",
    "tcp port 443",
    "host 10.0.0.0/8",
    "comm ~ serv*",
    "(comm ~ nginx or user = root) and rtt > 1ms and not remote_addr in (10.0.0.0/8, 2001:db8::/32)",
  ].map((filter) => ({ name: `filter: ${filter}`, view: filterView(filter) })),
  ...["nginx", "10.0.0.1:443", "4711"].map((text) => ({ name: `search: ${text}`, view: searchView(text) })),
  {
    name: "sort: the busiest first, the first 50",
    view: (connections) => sortConnections(connections, BUSIEST_FIRST).slice(0, 50),
  },
  {
    name: "sort: the busiest first, all",
    view: (connections) => sortConnections(connections, BUSIEST_FIRST).all(),
  },
  { name: "sort: by remote_addr, all", view: sortView },
  { name: "group: by process (100 groups)", view: groupView("process") },
  { name: "group: by local port (1,000 groups)", view: groupView("local-port") },
  { name: "group: by remote host (one group)", view: groupView("remote") },
];

/** What finding, sorting and grouping make of rows that are there already. No kernel: CPU time is wall time. */
export function viewCost(plan: Plan): Section {
  const count = plan.syntheticConnections;
  const connections = rowsOf(count);
  const context = rowContext({ timeMs: 0, readNs: 0 }, "host");
  const costs = VIEWS.map(({ name, view }) => {
    const viewMs: number[] = [];
    const loopMs: number[] = [];
    for (let run = -plan.syntheticWarmTicks; run < plan.syntheticTicks; run++) {
      const loop = millisecondsOf(() => countBusy(connections));
      const taken = millisecondsOf(() => view(connections, context));
      if (run < 0) continue;
      loopMs.push(loop);
      viewMs.push(taken);
    }
    return { name, viewMs, loopMs };
  });
  const loops = costs.flatMap(({ loopMs }) => loopMs);
  return {
    title: `The view alone: ${count} synthetic rows`,
    rows: [
      ...costs.map(({ name, viewMs, loopMs }) => row(name, "ms", viewMs, { name: BASELINE, values: loopMs })),
      row(BASELINE, "ms", loops),
    ],
  };
}

/** A tenth of the rows moves. */
function rowsOf(count: number): readonly Connection[] {
  const synthetic = new SyntheticConnections(count);
  const table = new ConnectionTable({ lingerMs: 0 });
  table.apply(synthetic.next(count));
  return table.apply(synthetic.next(Math.ceil(count / 10))).connections;
}

function filterView(text: string): View {
  const fits = compileFilter(parseFilter(text));
  return (connections, context) => connections.filter((connection) => fits(connection, context));
}

function searchView(text: string): View {
  const fits = searchPredicate(text);
  return (connections) => connections.filter(fits);
}

function sortView(connections: readonly Connection[], context: RowContext): unknown {
  const column = findColumn("remote_addr");
  return column && sortConnections(connections, [columnOrder(column, context, "asc")]).all();
}

function groupView(by: "process" | "local-port" | "remote"): View {
  return (connections, context) => sortGroups(groupConnections(connections, by, context), null);
}

/** The least that any filter by hand has to do. */
function countBusy(connections: readonly Connection[]): number {
  let busy = 0;
  for (const { txRate } of connections) if (txRate !== null && txRate > 1e6) busy += 1;
  return busy;
}

function millisecondsOf(action: () => unknown): number {
  const begunMs = performance.now();
  action();
  return performance.now() - begunMs;
}
