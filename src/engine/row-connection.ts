import type { Connection } from "../model/connection.js";
import { primaryOwner } from "./ownership.js";
import type { Row } from "./row.js";

/**
 * Shows a row as a `Connection`: the same object as the last time when nothing in it changed, so that views and sinks
 * can tell by identity, and a quiet table costs next to nothing.
 */
export function showRow(row: Row, tick: number): Connection {
  const change = changeOf(row, tick);
  const shown = row.connection;
  const isShown = shown !== null && shown === row.latest && shown.change === change && showsRow(shown, row);
  const connection = isShown ? shown : connectionOf(row, change);
  row.connection = connection;
  row.latest = connection;
  row.restsWith = isShown && isAtRest(connection) ? connection.owners : null;
  return connection;
}

/** Whether it was shown at rest, and nothing is new but names: told by a glance at the row alone. */
export function isResting(row: Row): boolean {
  return row.news === "same" && row.restsWith === row.owners;
}

/** A resting row as it was shown; null for another. */
export function showResting(row: Row): Connection | null {
  if (!isResting(row)) return null;
  row.news = "none";
  return row.connection;
}

/** Whether it would be shown the same after one more reading with the same values, as it was after this one. */
function isAtRest({ change, txBytes, rxBytes, txRate, rxRate, tcp, limits }: Connection): boolean {
  return (
    change === null &&
    (txRate === 0 || txBytes === null) &&
    (rxRate === 0 || rxBytes === null) &&
    (limits !== null || tcp === null)
  );
}

function changeOf(row: Row, tick: number): Connection["change"] {
  if (row.end?.tick === tick) return "closed";
  return row.connection === null && row.openedNs !== null ? "opened" : null;
}

/** Whether all that does not come from readings is shown already; `pid` and what goes with it follow from `owners`. */
function showsRow(shown: Connection, row: Row): boolean {
  return (
    shown.txRate === row.tx.rate &&
    shown.rxRate === row.rx.rate &&
    shown.limits === row.limits &&
    shown.owners === row.owners &&
    shown.process === row.process &&
    shown.netnsName === row.netnsName &&
    shown.deviceName === row.deviceName &&
    shown.direction === row.direction &&
    shown.openedNs === row.openedNs &&
    shown.closed === (row.end !== null)
  );
}

function connectionOf(row: Row, change: Connection["change"]): Connection {
  const { tuple, latest, owners, end } = row;
  const primary = primaryOwner(owners);
  return {
    // In the order of the fields V8 lays them out: these are looked at in every row of every snapshot.
    closed: end !== null,
    change,
    state: latest.state,
    txRate: row.tx.rate,
    rxRate: row.rx.rate,
    txBytes: latest.txBytes,
    rxBytes: latest.rxBytes,
    proto: latest.proto,
    id: row.id,
    cookie: row.cookie,
    incarnation: row.incarnation,
    family: tuple.family,
    localAddr: tuple.localAddr,
    localPort: tuple.localPort,
    remoteAddr: tuple.remoteAddr,
    remotePort: tuple.remotePort,
    netns: latest.netns,
    boundDevice: latest.boundDevice,
    receivingDevice: latest.receivingDevice,
    deviceName: row.deviceName,
    netnsName: row.netnsName,
    direction: row.direction,
    pid: primary === null ? null : primary.pid,
    comm: primary === null || primary.comm === "" ? null : primary.comm,
    ownerSource: primary === null ? null : primary.source,
    process: row.process,
    owners,
    rttUs: latest.rttUs,
    rttvarUs: latest.rttvarUs,
    minRttUs: latest.minRttUs,
    retrans: latest.retrans,
    retransBytes: latest.retransBytes,
    cwnd: latest.cwnd,
    deliveryRate: latest.deliveryRate,
    sendQueue: latest.sendQueue,
    recvQueue: latest.recvQueue,
    acceptQueue: latest.acceptQueue,
    acceptLimit: latest.acceptLimit,
    drops: latest.drops,
    lastMovedNs: latest.lastMovedNs,
    tcp: latest.tcp,
    limits: row.limits,
    openedNs: row.openedNs,
    closedNs: end === null ? null : end.closedNs,
    endReason: end === null ? null : end.reason,
  };
}
