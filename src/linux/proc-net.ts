// The socket tables of a network namespace: /proc/<pid>/net/{tcp,tcp6,udp,udp6} (proc_net_tcp in the kernel's documentation).
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { endianness } from "node:os";

export type SocketTableName = "tcp" | "tcp6" | "udp" | "udp6";

/** One line of a socket table. */
export interface SocketTableRow {
  /** Both ends, as the kernel printed them: cheap to compare, decoded by `decodeEnds`. */
  readonly ends: string;
  /** Number of the state (include/net/tcp_states.h). */
  readonly state: number;
  /** Bytes not yet acknowledged; UDP: not yet sent. */
  readonly txQueue: number;
  /** Bytes not yet read; listening sockets: connections not yet accepted. */
  readonly rxQueue: number;
  /** Whether it is what remains of a socket in TIME_WAIT, or in FIN_WAIT2 after close(). */
  readonly isMiniSocket: boolean;
  readonly uid: number;
  /** Of the file that processes hold; 0 when there is none: not yet accepted, or closed already. */
  readonly inode: number;
  /** UDP: datagrams dropped since the socket was made; null in the tables of TCP. */
  readonly drops: number | null;
}

/** Addresses in network order, as binary strings of 4 or 16 characters. */
export interface Ends {
  readonly localAddr: string;
  readonly localPort: number;
  readonly remoteAddr: string;
  readonly remotePort: number;
}

/** The kernel hands out at most a page (64 KiB on some arm64) for each read. */
const CHUNK_BYTES = 64 * 1024;

/**
 * sl, both ends, st, tx_queue:rx_queue, tr:tm->when, retrnsmt, uid, timeout, inode, ref, pointer, and for UDP drops. What is
 * behind, and differs, is left alone.
 */
const ROW =
  /^ *\d+: ((?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} (?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8}) ([0-9A-F]{2}):[0-9A-F]+ [0-9A-F]+ +(\d+) +-?\d+ (\d+) -?\d+ [0-9A-Fa-f]+(?: +(\d+))?/;

/** The timer of a mini-socket (get_timewait4_sock in net/ipv4/tcp_ipv4.c). */
const TIMER_TIMEWAIT = "03";

const HOST_IS_LITTLE_ENDIAN = endianness() === "LE";

/**
 * Reads a table from its start to its end, some lines at a time, however long it is, on Node's thread pool: even for an empty
 * one the kernel goes through the hash table of the whole host (10 ms at 262,144 buckets). That walk is not atomic: a
 * socket can be missing, or stand twice, while others come and go.
 * @throws the system's error where the table can't be opened or read on.
 */
export async function* readSocketTable(
  path: string,
  table: SocketTableName,
): AsyncGenerator<readonly SocketTableRow[]> {
  const file = await open(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = "";
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      // A line without its end is no line.
      if (bytesRead === 0) return;
      const text = rest + chunk.toString("latin1", 0, bytesRead);
      const end = text.lastIndexOf("\n") + 1;
      rest = text.slice(end);
      yield parseRows(text.slice(0, end), table);
    }
  } finally {
    await file.close();
  }
}

/** Where the kernel counts the sockets of each table, and under which name (sockstat_seq_show in net/ipv4/proc.c). */
const COUNTS: Readonly<Record<SocketTableName, { readonly file: string; readonly line: RegExp }>> = {
  tcp: { file: "sockstat", line: /^TCP: inuse (\d+)/m },
  udp: { file: "sockstat", line: /^UDP: inuse (\d+)/m },
  tcp6: { file: "sockstat6", line: /^TCP6: inuse (\d+)/m },
  udp6: { file: "sockstat6", line: /^UDP6: inuse (\d+)/m },
};

/**
 * How many sockets the table has, mini-sockets not counted, at next to no cost; null when that can't be read. Summed up over
 * CPUs without a lock: off by those that come and go meanwhile.
 */
export function countSockets(netFolder: string, table: SocketTableName): number | null {
  const { file, line } = COUNTS[table];
  try {
    const count = line.exec(readFileSync(`${netFolder}/${file}`, "latin1"))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}

/** The rows in some whole lines. The table's header is none, nor is what does not look like a row. */
export function parseRows(lines: string, table: SocketTableName): readonly SocketTableRow[] {
  const rows: SocketTableRow[] = [];
  let start = 0;
  for (let end = lines.indexOf("\n"); end >= 0; end = lines.indexOf("\n", start)) {
    const row = parseRow(lines.slice(start, end), table);
    if (row !== null) rows.push(row);
    start = end + 1;
  }
  return rows;
}

function parseRow(line: string, table: SocketTableName): SocketTableRow | null {
  const match = ROW.exec(line);
  if (match === null) return null;
  const [, ends = "", state = "", txQueue = "", rxQueue = "", timer, uid, inode, drops] = match;
  const isUdp = table === "udp" || table === "udp6";
  return {
    ends,
    state: Number.parseInt(state, 16),
    txQueue: Number.parseInt(txQueue, 16),
    rxQueue: Number.parseInt(rxQueue, 16),
    isMiniSocket: !isUdp && timer === TIMER_TIMEWAIT,
    uid: Number(uid),
    inode: Number(inode),
    drops: isUdp && drops !== undefined ? Number(drops) : null,
  };
}

/** Decodes `SocketTableRow.ends`. */
export function decodeEnds(ends: string, isLittleEndian = HOST_IS_LITTLE_ENDIAN): Ends {
  const [local = "", remote = ""] = ends.split(" ");
  const [localAddr = "", localPort = ""] = local.split(":");
  const [remoteAddr = "", remotePort = ""] = remote.split(":");
  return {
    localAddr: addressBytes(localAddr, isLittleEndian),
    localPort: Number.parseInt(localPort, 16),
    remoteAddr: addressBytes(remoteAddr, isLittleEndian),
    remotePort: Number.parseInt(remotePort, 16),
  };
}

/** The kernel prints each 32 bits of an address, which lie in network order, as a number of this host; ports as they are meant. */
function addressBytes(hex: string, isLittleEndian: boolean): string {
  let bytes = "";
  for (let word = 0; word < hex.length; word += 8) {
    for (let byte = 0; byte < 8; byte += 2) {
      const at = word + (isLittleEndian ? 6 - byte : byte);
      bytes += String.fromCharCode(Number.parseInt(hex.slice(at, at + 2), 16));
    }
  }
  return bytes;
}
