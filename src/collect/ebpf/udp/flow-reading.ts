import type { FlowRecord } from "../../../linux/records.gen.js";
import type {
  ClosedReading,
  ConnectionKey,
  Owner,
  SocketCookie,
  SocketReading,
  Tuple,
} from "../../../model/sample.js";
import type { EndReason, SocketState } from "../../../model/tcp.js";

/** What a flow had moved by the time of a walk, or by the time that it was taken out of the kernel. */
export interface FlowCounters {
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  /** When it last moved anything, in ns since boot; 0 before it has. */
  readonly lastNs: number;
}

/** What is known of a socket, whichever of its peers a reading speaks of. */
export interface SocketFacts {
  /** Datagrams that found the receive buffer full, since the socket was made. */
  readonly drops: number | null;
  readonly boundDevice: number | null;
}

/** A flow record as a reading. A class, for the same reason as KernelReading. */
export class FlowReading implements SocketReading {
  readonly proto = "udp";
  readonly cookie: ConnectionKey;
  readonly incarnation: number;
  readonly holderCookie: SocketCookie;
  readonly tuple: Tuple;
  readonly netns: number;
  readonly boundDevice: number | null;
  readonly receivingDevice = null;
  readonly state: SocketState;
  readonly direction = null;
  readonly openedNs: number | null;
  readonly readNs: number;
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  readonly rttUs = null;
  readonly rttvarUs = null;
  readonly minRttUs = null;
  readonly retrans = null;
  readonly retransBytes = null;
  readonly cwnd = null;
  readonly deliveryRate = null;
  readonly sendQueue = null;
  readonly recvQueue = null;
  readonly acceptQueue = null;
  readonly acceptLimit = null;
  readonly tcp = null;
  readonly clock = null;
  readonly revision = null;
  readonly drops: number | null;
  readonly lastMovedNs: number | null;
  readonly owner: Owner | null;

  constructor(record: FlowRecord, counters: FlowCounters, tuple: Tuple, socket: SocketFacts) {
    const isOwnRow = record.flow === 0;
    this.cookie = isOwnRow ? record.cookie : `${record.cookie}/${record.flow}`;
    this.incarnation = record.incarnation;
    this.holderCookie = record.cookie;
    this.tuple = tuple;
    this.netns = record.netns;
    this.boundDevice = socket.boundDevice;
    this.state = isOwnRow && tuple.remotePort !== 0 ? "ESTABLISHED" : "UNCONN";
    this.openedNs = record.firstNs === 0 ? null : record.firstNs;
    this.readNs = record.readNs;
    this.txBytes = counters.txBytes;
    this.rxBytes = counters.rxBytes;
    this.drops = socket.drops;
    this.lastMovedNs = counters.lastNs === 0 ? null : counters.lastNs;
    this.owner =
      record.ownerPid === 0 ? null : { pid: record.ownerPid, comm: record.ownerComm, source: "io" };
  }
}

export class ClosedFlowReading extends FlowReading implements ClosedReading {
  readonly endReason: EndReason;

  constructor(
    record: FlowRecord,
    counters: FlowCounters,
    tuple: Tuple,
    socket: SocketFacts,
    endReason: EndReason,
  ) {
    super(record, counters, tuple, socket);
    this.endReason = endReason;
  }
}
