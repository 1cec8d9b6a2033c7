/** One connection in one frame, as `-o ndjson` writes it: the columns that tests look at. */
export interface ConnectionLine {
  readonly type: "connection";
  readonly time: string;
  readonly id: string;
  readonly proto: string;
  readonly family: string;
  readonly local_addr: string;
  readonly local_port: number;
  readonly remote_addr: string | null;
  readonly remote_port: number | null;
  readonly device: string | null;
  readonly direction: "in" | "out" | null;
  readonly state: string;
  readonly pid: number | null;
  readonly comm: string | null;
  readonly netns: string;
  readonly netns_inode: number;
  readonly owners: readonly number[] | null;
  readonly owner_source: string | null;
  readonly tx_bytes: number | null;
  readonly rx_bytes: number | null;
  readonly tx_rate: number | null;
  readonly rx_rate: number | null;
  readonly rtt_us: number | null;
  readonly rttvar_us: number | null;
  readonly min_rtt_us: number | null;
  readonly retrans: number | null;
  readonly retrans_bytes: number | null;
  readonly cwnd: number | null;
  readonly delivery_rate: number | null;
  readonly send_queue: number | null;
  readonly recv_queue: number | null;
  readonly limited_by: string | null;
  readonly drops: number | null;
  readonly accept_queue: number | null;
  readonly accept_limit: number | null;
  readonly age_ms: number | null;
  readonly closed: boolean;
  readonly end_reason: string | null;
}

/** What stands below each frame. */
export interface SummaryLine {
  readonly type: "summary";
  readonly time: string;
  readonly rung: string;
  readonly interval_ms: number | null;
  readonly open: number;
  readonly listening: number;
  readonly closed: number;
  readonly tx_bytes: number | null;
  readonly rx_bytes: number | null;
  readonly interfaces: string | null;
  readonly interfaces_tx_bytes: number | null;
  readonly interfaces_rx_bytes: number | null;
  readonly interfaces_tx_rate: number | null;
  readonly interfaces_excess: number | null;
  readonly folded_connections: number;
  readonly missed_events: number;
  readonly stalled: string | null;
  readonly stalled_ms: number | null;
}

/** All lines of one snapshot. */
export interface FrameLines {
  readonly connections: readonly ConnectionLine[];
  readonly summary: SummaryLine;
}

/** Puts lines together to frames; the line that ends one is its summary. */
export class FrameReader {
  #connections: ConnectionLine[] = [];

  /** The frame that this line completes, or null. */
  take(line: string): FrameLines | null {
    const parsed = JSON.parse(line) as ConnectionLine | SummaryLine;
    if (parsed.type === "connection") {
      this.#connections.push(parsed);
      return null;
    }
    const connections = this.#connections;
    this.#connections = [];
    return { connections, summary: parsed };
  }
}

/** Of a busy host, a second's rows are tens of MB. */
const MOST_ROWS = 200_000;

/** All frames and all closed rows; of the oldest frames no more than these, where there are too many rows to keep. */
export class FrameHistory {
  readonly frames: FrameLines[] = [];
  readonly closedRows: ConnectionLine[] = [];
  #rows = 0;
  #oldestWhole = 0;

  add(frame: FrameLines): void {
    this.frames.push(frame);
    for (const row of frame.connections) if (row.closed) this.closedRows.push(row);
    this.#rows += frame.connections.length;
    while (this.#rows > MOST_ROWS && this.#oldestWhole < this.frames.length - 1) this.#thinOldest();
  }

  #thinOldest(): void {
    const frame = this.frames[this.#oldestWhole];
    if (frame === undefined) return;
    const connections = frame.connections.filter(({ closed }) => closed);
    this.#rows -= frame.connections.length - connections.length;
    this.frames[this.#oldestWhole] = { ...frame, connections };
    this.#oldestWhole += 1;
  }
}

/** The frames in what a tcptop that has ended wrote. */
export function framesOf(stdout: string): readonly FrameLines[] {
  const reader = new FrameReader();
  return stdout
    .trimEnd()
    .split("\n")
    .flatMap((line) => reader.take(line) ?? []);
}
