import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import type { NetworkCollector } from "../collect/network-collector.js";
import { rowContext } from "../model/column.js";
import type { Rung } from "../model/rung.js";
import type { Snapshot } from "../model/snapshot.js";
import { truncateText } from "../model/text-width.js";
import { createGroupSink, createSink } from "../output/create-sink.js";
import type { Sink } from "../output/sink.js";
import { compileFilter, type Predicate } from "../view/filter/compile.js";
import { type Group, groupConnections } from "../view/group/group.js";
import { groupColumnOrder } from "../view/group/group-columns.js";
import { groupTableColumns } from "../view/group/group-screen-columns.js";
import { sortGroups } from "../view/group/group-tree.js";
import type { GroupBy } from "../view/group/grouping.js";
import { columnOrder } from "../view/order.js";
import { listeningShown, matchingRows, type RowRequest, selectRows } from "../view/select-rows.js";
import type { BatchRequest } from "./batch-request.js";
import { unlessStopped } from "./ending-signal.js";
import { LossNotices } from "./loss-notices.js";
import { PatientSource } from "./patient-source.js";
import type { StandardOutput } from "./standard-output.js";

/** How long a reader may take for the last frame when the end has been asked for. */
const LAST_FRAME_MS = 1000;
/** How long the kernel may take before the screen says that it does not answer. */
const PATIENCE_MS = 1000;

/** Samples at the interval, and writes a frame for each, until the count is reached or `stop` is signalled. */
export async function runTop(
  request: BatchRequest,
  collector: NetworkCollector,
  output: StandardOutput,
  stop: AbortSignal,
): Promise<void> {
  const frames = new FrameWriter(request, collector.rung, output);
  const { intervalMs, count } = request;
  const source = new PatientSource(collector, Math.max(intervalMs, PATIENCE_MS));
  const startedMs = performance.now();
  for (let tick = 1; !stop.aborted; tick++) {
    const snapshot = await unlessStopped(source.next(), stop);
    if (snapshot === null) return;
    await unlessStuck(frames.write(snapshot), stop);
    if (tick === count) return;
    const restMs = startedMs + tick * intervalMs - performance.now();
    await unlessStopped(sleep(Math.max(0, restMs)), stop);
  }
}

/** Waits for a frame to be written whole, but not for ever: a reader that does not read must not hold up the end. */
async function unlessStuck(written: Promise<void>, stop: AbortSignal): Promise<void> {
  await unlessStopped(written, stop);
  if (stop.aborted) await Promise.race([written, sleep(LAST_FRAME_MS)]);
}

/** Chooses rows and turns them to text, frame after frame. */
class FrameWriter {
  readonly #options: BatchRequest;
  readonly #rung: Rung;
  readonly #output: StandardOutput;
  readonly #host = hostname();
  readonly #notices = new LossNotices((line) => process.stderr.write(`tcptop: ${line}\n`));
  readonly #fits: Predicate | null;
  #isFirst = true;

  constructor(options: BatchRequest, rung: Rung, output: StandardOutput) {
    this.#options = options;
    this.#rung = rung;
    this.#output = output;
    this.#fits = options.filter && compileFilter(options.filter.parsed);
  }

  async write(snapshot: Snapshot): Promise<void> {
    const { output: format, groupBy, listening } = this.#options;
    const { width } = this.#output;
    if (groupBy === null) {
      const { rows } = selectRows(snapshot, this.#request(snapshot));
      await this.#writeRows(createSink(format, width, this.#options.columns), snapshot, rows);
    } else {
      const groups = this.#groups(snapshot, groupBy);
      await this.#writeRows(
        createGroupSink(format, width, groupTableColumns(groupBy, listening)),
        snapshot,
        groups,
      );
    }
    // The other formats say it in each frame's summary.
    if (format === "csv") this.#notices.look(snapshot);
  }

  async #writeRows<Row>(sink: Sink<Row>, snapshot: Snapshot, rows: readonly Row[]): Promise<void> {
    const text = sink.frame({ host: this.#host, rung: this.#rung, snapshot, rows });
    const before = this.#isFirst ? sink.preamble : sink.separator;
    this.#isFirst = false;
    await this.#output.write(before + text + this.#settingsLine());
  }

  /** Whoever reads a table is told why it is not as others are. */
  #settingsLine(): string {
    const { settingsNote } = this.#options;
    if (settingsNote === null) return "";
    const { width } = this.#output;
    return `${width === null ? settingsNote : truncateText(settingsNote, width)}\n`;
  }

  #groups(snapshot: Snapshot, by: GroupBy): readonly Group[] {
    const { sort } = this.#options;
    const context = rowContext(snapshot, this.#host);
    const groups = groupConnections(matchingRows(snapshot, this.#request(snapshot)), by, context);
    const column = sort?.groupColumn ?? null;
    return sortGroups(groups, sort && column && groupColumnOrder(column, context, sort.direction));
  }

  #request(snapshot: Snapshot): RowRequest {
    const { family, proto, pid, listening, active, sort, filter } = this.#options;
    const context = rowContext(snapshot, this.#host);
    const order = sort?.column && columnOrder(sort.column, context, sort.direction);
    const fits = this.#fits;
    return {
      ...(family === null ? {} : { family }),
      ...(proto === null ? {} : { proto }),
      ...(pid === null ? {} : { pid }),
      ...(order ? { order } : {}),
      ...(fits ? { filter: (connection) => fits(connection, context) } : {}),
      listening: listeningShown(listening, filter?.parsed ?? null),
      active,
    };
  }
}
