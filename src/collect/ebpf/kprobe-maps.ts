/** What the maps take for one socket and its share of peers (some 510 bytes, as the kernel accounts for them on x86_64). */
const BYTES_PER_SOCKET = 512;
/** Of the host's memory, where the maps have to be made whole. */
const SHARE_OF_MEMORY = 1 / 64;
const MOST = 256 * 1024;
const LEAST = 8 * 1024;

/** The maps that have an entry for each socket or peer. */
export const SOCKET_MAPS = ["notes", "datagram_notes", "flows"] as const;

/**
 * How many TCP sockets, UDP sockets, and peers of UDP sockets there is room for. `memoryBytes`: of the host, where entries
 * are allocated at load (before 6.1); null where they come as they are needed.
 */
export function socketMapSizes(memoryBytes: number | null): ReadonlyMap<string, number> {
  const fitting = memoryBytes === null ? MOST : (memoryBytes * SHARE_OF_MEMORY) / BYTES_PER_SOCKET;
  const sockets = Math.max(LEAST, Math.min(MOST, 2 ** Math.floor(Math.log2(fitting))));
  return new Map([
    ["notes", sockets],
    ["datagram_notes", sockets / 4],
    ["flows", sockets],
  ]);
}
