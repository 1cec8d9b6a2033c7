import type { SocketTableRow } from "../../linux/proc-net.js";
import type { ClosedReading, SocketReading } from "../../model/sample.js";
import type { TcpState } from "../../model/tcp.js";
import type { TableConnection } from "./table-connection.js";

/** States in which our own SYN or FIN waits to be acknowledged: it counts 1 in tx_queue. */
const OWN_FLAG_WAITS: ReadonlySet<TcpState> = new Set(["SYN_SENT", "FIN_WAIT1", "CLOSING", "LAST_ACK"]);
/** States in which the peer's FIN has come: it counts 1 in rx_queue until the reader has met the end of the file. */
const PEER_FIN_CAME: ReadonlySet<TcpState> = new Set(["CLOSE_WAIT", "CLOSING", "LAST_ACK"]);

/** A row of a socket table as a reading: what tables do not tell is null. */
export function readingOfRow(
  connection: TableConnection,
  row: Pick<SocketTableRow, "txQueue" | "rxQueue" | "drops">,
  netns: number,
  readNs: number,
): SocketReading {
  const { proto, state } = connection;
  const listens = state === "LISTEN";
  // Those of UDP count what the kernel spends on datagrams, not what is in them.
  const hasQueues = proto === "tcp" && !listens;
  return {
    proto,
    cookie: connection.cookie,
    incarnation: 0,
    holderCookie: connection.cookie,
    tuple: connection.tuple,
    netns,
    boundDevice: null,
    receivingDevice: null,
    state: proto === "udp" && connection.tuple.remotePort === 0 ? "UNCONN" : state,
    direction: connection.direction,
    // When it was first met is later than when it opened.
    openedNs: null,
    readNs,
    txBytes: null,
    rxBytes: null,
    rttUs: null,
    rttvarUs: null,
    minRttUs: null,
    retrans: null,
    retransBytes: null,
    cwnd: null,
    deliveryRate: null,
    sendQueue: !hasQueues ? null : payloadOf(row.txQueue, OWN_FLAG_WAITS.has(state)),
    recvQueue: !hasQueues ? null : payloadOf(row.rxQueue, PEER_FIN_CAME.has(state)),
    acceptQueue: listens ? row.rxQueue : null,
    // get_tcp4_sock() prints no limit: tx_queue is 0 for listening sockets.
    acceptLimit: null,
    drops: row.drops,
    lastMovedNs: null,
    tcp: null,
    clock: null,
    revision: null,
    owner: null,
  };
}

function payloadOf(queue: number, hasFlag: boolean): number {
  return hasFlag && queue > 0 ? queue - 1 : queue;
}

/** The last word on a connection that is in no table any more. */
export function closedReadingOf(connection: TableConnection, netns: number, readNs: number): ClosedReading {
  const nothingWaits = { sendQueue: null, recvQueue: null, acceptQueue: null };
  const row = { txQueue: 0, rxQueue: 0, drops: null };
  return {
    ...readingOfRow(connection, row, netns, readNs),
    ...nothingWaits,
    endReason: "unknown",
  };
}
