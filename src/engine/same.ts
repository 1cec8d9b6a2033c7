import type { Connection } from "../model/connection.js";
import type { SocketReading, Tuple } from "../model/sample.js";
import { sameDetails } from "../model/tcp-details.js";

/** Whether a reading has the values that are shown: most sockets of a host are quiet, and cost no more than this. */
export function sameValues(shown: Connection, reading: SocketReading): boolean {
  return (
    shown.txBytes === reading.txBytes &&
    shown.rxBytes === reading.rxBytes &&
    shown.state === reading.state &&
    shown.rttUs === reading.rttUs &&
    shown.rttvarUs === reading.rttvarUs &&
    shown.minRttUs === reading.minRttUs &&
    shown.retrans === reading.retrans &&
    shown.retransBytes === reading.retransBytes &&
    shown.cwnd === reading.cwnd &&
    shown.deliveryRate === reading.deliveryRate &&
    shown.sendQueue === reading.sendQueue &&
    shown.recvQueue === reading.recvQueue &&
    shown.acceptQueue === reading.acceptQueue &&
    shown.acceptLimit === reading.acceptLimit &&
    shown.drops === reading.drops &&
    shown.lastMovedNs === reading.lastMovedNs &&
    shown.netns === reading.netns &&
    shown.boundDevice === reading.boundDevice &&
    shown.receivingDevice === reading.receivingDevice &&
    sameDetails(shown.tcp, reading.tcp)
  );
}

/** The local port of a connection that is opening can come after its first state change, so tuples do change. */
export function sameTuple(a: Tuple, b: Tuple): boolean {
  if (a === b) return true;
  return (
    a.localPort === b.localPort &&
    a.remotePort === b.remotePort &&
    a.localAddr === b.localAddr &&
    a.remoteAddr === b.remoteAddr &&
    a.family === b.family
  );
}
