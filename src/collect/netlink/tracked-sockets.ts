import type { InetDiagMessage } from "../../linux/inet-diag-message.js";
import type { DiagTable } from "../../linux/sock-diag-messages.js";
import type { ClosedReading, SocketCookie, SocketReading } from "../../model/sample.js";
import type { EndReason } from "../../model/tcp.js";
import type { SocketInodes } from "../proc/socket-inodes.js";
import { ClosedDiagReading, DiagReading, type ReadContext } from "./diag-readings.js";
import { endingOf, type Surroundings, type TcpEnding } from "./tcp-counters.js";
import { stateOf, TrackedSocket } from "./tracked-socket.js";

/** A dump can skip a socket while others come and go: one that left no word is given up when so many in a row missed it. */
const GIVEN_UP_AFTER = 2;
/** For so many reads a given-up socket is remembered: it is closed by now, but its process can still connect it again. */
const FORGOTTEN_AFTER = 1_000;

/** The sockets of one network namespace, followed from read to read. */
export class TrackedSockets {
  readonly #inodes: SocketInodes;
  readonly #surroundings: Surroundings;
  readonly #sockets = new Map<SocketCookie, TrackedSocket>();
  /** Ports that were listened on, with the read that met the listener last. */
  readonly #listenedPorts = new Map<number, number>();
  /** Tables that were read whole before: what they have now and had not then is new. */
  readonly #known = new Set<DiagTable>();
  #read = 0;

  /** `inodes` are those of the host, and kept up to date. */
  constructor(inodes: SocketInodes, hasMiniSocket: Surroundings["hasMiniSocket"]) {
    this.#inodes = inodes;
    this.#surroundings = { hasMiniSocket, isListened: (port) => this.#listenedPorts.has(port) };
  }

  /** To be called before the tables are dumped. */
  beginRead(): void {
    this.#read += 1;
  }

  /** What a dump says of a socket; null for what remains of one that has closed, and for one that stands twice. */
  take(message: InetDiagMessage, table: DiagTable, context: ReadContext): SocketReading | null {
    if (message.isMiniSocket) return null;
    const state = stateOf(message);
    const socket = this.#sockets.get(message.cookie) ?? this.#add(message, table);
    if (socket.seenIn === this.#read) return null;
    socket.seenIn = this.#read;
    if (!socket.goesOn(message, state)) socket.beginNext();
    socket.take(message, state, this.#surroundings);
    if (table === "tcp") socket.values.takeDetails(message, state, context.readNs);
    this.#noteInode(socket, message.inode);
    if (state === "LISTEN") this.#listenedPorts.set(message.localPort, this.#read);
    return new DiagReading(socket, context);
  }

  /** The kernel has freed a socket: the last word on its connection; null for one that had none, or that is closed already. */
  end(message: InetDiagMessage, context: ReadContext): ClosedReading | null {
    const known = this.#sockets.get(message.cookie);
    if (known !== undefined) this.#remove(known);
    if (known?.isGivenUp === true) return null;
    if (message.proto === "tcp") return this.#endOfTcp(message, known, context);
    return endOfUdp(message, known, context);
  }

  /** What is over without a word, when the tables have been read; `whole` are those of which nothing is missing. */
  endRead(whole: ReadonlySet<DiagTable>, context: ReadContext): readonly ClosedReading[] {
    const ended: ClosedReading[] = [];
    for (const socket of this.#sockets.values()) {
      if (socket.seenIn === this.#read || !whole.has(socket.table)) continue;
      socket.missedReads += 1;
      if (socket.missedReads === GIVEN_UP_AFTER) this.#giveUp(socket, context, ended);
      else if (socket.missedReads >= FORGOTTEN_AFTER) this.#remove(socket);
    }
    for (const [port, read] of this.#listenedPorts) {
      if (this.#read - read > FORGOTTEN_AFTER) this.#listenedPorts.delete(port);
    }
    for (const table of whole) this.#known.add(table);
    return ended;
  }

  /** The namespace is let go: what becomes of its sockets is not seen any more. */
  endAll(context: ReadContext): readonly ClosedReading[] {
    const ended: ClosedReading[] = [];
    for (const socket of this.#sockets.values()) {
      this.#giveUp(socket, context, ended);
      this.#remove(socket);
    }
    return ended;
  }

  #endOfTcp(
    message: InetDiagMessage,
    known: TrackedSocket | undefined,
    context: ReadContext,
  ): ClosedReading | null {
    // It listened, never connected, or took its connection back, which resets the counters too.
    if (message.remotePort === 0) {
      if (known?.wasRead !== true) return null;
      return new ClosedDiagReading(known, context, known.state === "LISTEN" ? "closed" : "reset");
    }
    const socket = known ?? new TrackedSocket(message, "tcp", this.#known.has("tcp"));
    if (known !== undefined && (known.state === "LISTEN" || !known.goesOn(message, known.state))) {
      known.beginNext();
      known.takeEnds(message);
      known.state = "CLOSE";
    }
    const ending = endingOf(message, socket.wasRead ? socket.state : null, socket, this.#surroundings);
    socket.direction = ending.direction;
    socket.values.takeEnding(message, socket.state, ending);
    return new ClosedDiagReading(socket, context, endReasonOf(ending));
  }

  #add(message: InetDiagMessage, table: DiagTable): TrackedSocket {
    const socket = new TrackedSocket(message, table, this.#known.has(table));
    this.#sockets.set(socket.cookie, socket);
    return socket;
  }

  #giveUp(socket: TrackedSocket, context: ReadContext, ended: ClosedReading[]): void {
    if (!socket.isGivenUp && socket.wasRead) {
      const reason = socket.state === "LISTEN" || socket.table !== "tcp" ? "closed" : "unknown";
      ended.push(new ClosedDiagReading(socket, context, reason));
    }
    socket.isGivenUp = true;
  }

  /** From when it has been accepted, or else from the start. */
  #noteInode(socket: TrackedSocket, inode: number): void {
    if (inode === 0 || inode === socket.inode) return;
    if (socket.inode !== 0) this.#inodes.remove(socket.inode, socket.cookie);
    socket.inode = inode;
    this.#inodes.add(inode, socket.cookie);
  }

  #remove(socket: TrackedSocket): void {
    this.#sockets.delete(socket.cookie);
    if (socket.inode !== 0) this.#inodes.remove(socket.inode, socket.cookie);
  }
}

function endOfUdp(
  message: InetDiagMessage,
  known: TrackedSocket | undefined,
  context: ReadContext,
): ClosedReading | null {
  // Without a port it was never used.
  if (message.localPort === 0 && known?.wasRead !== true) return null;
  const socket = known ?? new TrackedSocket(message, "udp", false);
  if (known !== undefined && message.localPort !== 0) {
    if (!known.goesOn(message, known.state)) known.beginNext();
    known.takeEnds(message);
  }
  socket.values.takeUdp(message);
  return new ClosedDiagReading(socket, context, "closed");
}

/**
 * Of an end the kernel tells counters only. Where our FIN was not acknowledged, a RST from either side, a time-out, an
 * unreachable network all look the same.
 */
function endReasonOf({ finAcked, peerFin }: TcpEnding): EndReason {
  if (!finAcked) return "unknown";
  return peerFin === true ? "fin" : "closed";
}
