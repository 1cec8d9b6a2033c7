import type { ClosedReading, SocketCookie, SocketReading, Tuple } from "../../model/sample.js";
import type { EndReason, SocketState } from "../../model/tcp.js";
import type { TcpDetails } from "../../model/tcp-details.js";
import type { TrackedSocket } from "./tracked-socket.js";

/** Where and when a message was read. */
export interface ReadContext {
  /** Inode of the network namespace. */
  readonly netns: number;
  readonly readNs: number;
}

/** What is known of a socket as a reading. A class: put together by spreading, each costs 30 times as much. */
export class DiagReading implements SocketReading {
  readonly proto: "tcp" | "udp";
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  readonly holderCookie: SocketCookie;
  readonly tuple: Tuple;
  readonly netns: number;
  readonly boundDevice: number | null;
  readonly receivingDevice = null;
  readonly state: SocketState;
  readonly direction: "in" | "out" | null;
  // When it was first met is later than when it opened.
  readonly openedNs = null;
  readonly countsFromZero: boolean;
  readonly readNs: number;
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  readonly rttUs: number | null;
  readonly rttvarUs: number | null;
  readonly minRttUs: number | null;
  readonly retrans: number | null;
  readonly retransBytes: number | null;
  readonly cwnd: number | null;
  readonly deliveryRate: number | null;
  readonly sendQueue: number | null;
  readonly recvQueue: number | null;
  readonly acceptQueue: number | null;
  readonly acceptLimit: number | null;
  readonly drops: number | null;
  readonly lastMovedNs = null;
  readonly tcp: TcpDetails | null;
  readonly clock: number | null;
  readonly revision = null;
  readonly owner = null;

  constructor(socket: TrackedSocket, context: ReadContext) {
    const { values } = socket;
    this.proto = socket.table === "tcp" ? "tcp" : "udp";
    this.cookie = socket.cookie;
    this.incarnation = socket.incarnation;
    this.holderCookie = socket.cookie;
    this.tuple = socket.tuple;
    this.netns = context.netns;
    this.boundDevice = values.boundDevice;
    this.state = stateShown(socket);
    this.direction = socket.direction;
    this.countsFromZero = socket.isNew || socket.incarnation > 0;
    this.readNs = context.readNs;
    this.txBytes = values.txBytes;
    this.rxBytes = values.rxBytes;
    this.rttUs = values.rttUs;
    this.rttvarUs = values.rttvarUs;
    this.minRttUs = values.minRttUs;
    this.retrans = values.retrans;
    this.retransBytes = values.retransBytes;
    this.cwnd = values.cwnd;
    this.deliveryRate = values.deliveryRate;
    this.sendQueue = values.sendQueue;
    this.recvQueue = values.recvQueue;
    this.acceptQueue = values.acceptQueue;
    this.acceptLimit = values.acceptLimit;
    this.drops = values.drops;
    this.tcp = values.tcp;
    this.clock = values.clock;
  }
}

/** The last word on a connection: the kernel's, or, where that was not had, what was last read of it. */
export class ClosedDiagReading extends DiagReading implements ClosedReading {
  readonly endReason: EndReason;

  constructor(socket: TrackedSocket, context: ReadContext, endReason: EndReason) {
    super(socket, context);
    this.endReason = endReason;
  }
}

function stateShown({ table, tuple, state }: TrackedSocket): SocketState {
  if (table === "tcp") return state;
  return tuple.remotePort === 0 ? "UNCONN" : "ESTABLISHED";
}
