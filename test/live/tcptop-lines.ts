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
  readonly direction: "in" | "out" | null;
  readonly state: string;
  readonly pid: number | null;
  readonly comm: string | null;
  readonly netns: string;
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
  readonly send_queue: number | null;
  readonly recv_queue: number | null;
  readonly accept_queue: number | null;
  readonly accept_limit: number | null;
  readonly age_ms: number | null;
  readonly closed: boolean;
  readonly end_reason: string | null;
}

/** What stands below each frame. */
export interface SummaryLine {
  readonly type: "summary";
  readonly rung: string;
  readonly interval_ms: number | null;
  readonly open: number;
  readonly closed: number;
  readonly tx_bytes: number;
  readonly rx_bytes: number;
  readonly folded_connections: number;
  readonly missed_events: number;
  readonly stalled: string | null;
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
