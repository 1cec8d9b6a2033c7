import type { SocketTableRow } from "../../linux/proc-net.js";
import type { ClosedReading, SocketReading } from "../../model/sample.js";
import type { TableConnection } from "./table-connection.js";

/** A row of a socket table as a reading: what tables do not tell is null. */
export function readingOfRow(
  connection: TableConnection,
  row: Pick<SocketTableRow, "txQueue" | "rxQueue">,
  netns: number,
  readNs: number,
): SocketReading {
  const listens = connection.state === "LISTEN";
  return {
    proto: "tcp",
    cookie: connection.cookie,
    incarnation: 0,
    holderCookie: connection.cookie,
    tuple: connection.tuple,
    netns,
    boundDevice: null,
    state: connection.state,
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
    sendQueue: listens ? null : row.txQueue,
    recvQueue: listens ? null : row.rxQueue,
    acceptQueue: listens ? row.rxQueue : null,
    // get_tcp4_sock() prints no limit: tx_queue is 0 for listening sockets.
    acceptLimit: null,
    drops: null,
    lastMovedNs: null,
    owner: null,
  };
}

/** The last word on a connection that is in no table any more. */
export function closedReadingOf(connection: TableConnection, netns: number, readNs: number): ClosedReading {
  const nothingWaits = { sendQueue: null, recvQueue: null, acceptQueue: null };
  const row = { txQueue: 0, rxQueue: 0 };
  return {
    ...readingOfRow(connection, row, netns, readNs),
    ...nothingWaits,
    endReason: "unknown",
  };
}
