import { ENDS_WORDS, type InetDiagMessage } from "../../linux/inet-diag-message.js";
import type { DiagTable } from "../../linux/sock-diag-messages.js";
import type { SocketCookie, Tuple } from "../../model/sample.js";
import { TCP_STATES, type TcpState } from "../../model/tcp.js";
import { tupleOfAddresses } from "../proc/row-tuple.js";
import { SocketValues } from "./socket-values.js";
import type { Surroundings, TcpCounting } from "./tcp-counters.js";

/** States in which a socket without a file waits for accept(); close() leads to others. */
const BEFORE_ACCEPT: ReadonlySet<TcpState> = new Set(["ESTABLISHED", "CLOSE_WAIT"]);

/** A socket, followed from dump to dump by the kernel's cookie: its connection, and those that it had before. */
export class TrackedSocket implements TcpCounting {
  readonly cookie: SocketCookie;
  readonly table: DiagTable;
  /** Whether it opened while tcptop ran. */
  readonly isNew: boolean;
  incarnation = 0;
  tuple: Tuple;
  state: TcpState;
  direction: "in" | "out" | null = null;
  excess = 0;
  /** Of the file that processes hold; 0 until there is one, and kept when it is closed. */
  inode = 0;
  /** The last read that met it, and how many whole ones have missed it since. */
  seenIn = 0;
  missedReads = 0;
  /** Whether its connection was given up because reads missed it. */
  isGivenUp = false;
  /** As it was last read, and whether it was at all. */
  values = new SocketValues();
  wasRead = false;
  bytesReceived = 0;
  dataSegmentsIn = 0;
  #bytesAcked = 0;
  readonly #ends = new Uint32Array(ENDS_WORDS);

  constructor(message: InetDiagMessage, table: DiagTable, isNew: boolean) {
    this.cookie = message.cookie;
    this.table = table;
    this.isNew = isNew;
    this.tuple = tupleOfAddresses(message);
    this.state = stateOf(message);
    this.#noteEnds(message);
  }

  /** Whether a message goes on with the connection that is known: a socket can disconnect, and connect once more. */
  goesOn(message: InetDiagMessage, state: TcpState): boolean {
    if (this.isGivenUp) return false;
    if (this.table !== "tcp") return this.tuple.remotePort === 0 || this.#hasEnds(message);
    if (state === "SYN_SENT" && this.state !== "SYN_SENT") return false;
    return this.#hasEnds(message) && !this.hasCountedBack(message);
  }

  /** Whether the counters are those of a later connection between the same ends. */
  hasCountedBack({ bytesAcked, bytesReceived }: InetDiagMessage): boolean {
    return (bytesAcked ?? 0) < this.#bytesAcked || (bytesReceived ?? 0) < this.bytesReceived;
  }

  /** The socket has a connection after the one that is known. */
  beginNext(): void {
    this.incarnation += 1;
    this.direction = null;
    this.excess = 0;
    this.bytesReceived = 0;
    this.dataSegmentsIn = 0;
    this.#bytesAcked = 0;
    this.isGivenUp = false;
    this.values = new SocketValues();
    this.wasRead = false;
  }

  /** Takes what a dump says of the same connection, or of the next that has begun. */
  take(message: InetDiagMessage, state: TcpState, surroundings: Surroundings): void {
    this.takeEnds(message);
    this.wasRead = true;
    this.missedReads = 0;
    this.state = state;
    this.#bytesAcked = message.bytesAcked ?? 0;
    this.bytesReceived = message.bytesReceived ?? 0;
    this.dataSegmentsIn = message.dataSegmentsIn ?? 0;
    if (this.table !== "tcp") {
      this.values.takeUdp(message);
      return;
    }
    this.direction ??= directionShown(message, state);
    this.values.takeTcp(message, state, this, surroundings);
  }

  /** Takes the ends, which an unconnected socket of UDP can change. */
  takeEnds(message: InetDiagMessage): void {
    if (this.#hasEnds(message)) return;
    this.tuple = tupleOfAddresses(message);
    this.#noteEnds(message);
  }

  #hasEnds(message: InetDiagMessage): boolean {
    for (let word = 0; word < ENDS_WORDS; word++) {
      if (this.#ends[word] !== message.endsWord(word)) return false;
    }
    return true;
  }

  #noteEnds(message: InetDiagMessage): void {
    for (let word = 0; word < ENDS_WORDS; word++) this.#ends[word] = message.endsWord(word);
  }
}

export function stateOf(message: InetDiagMessage): TcpState {
  return TCP_STATES[message.state - 1] ?? "CLOSE";
}

/** Only what was seen: who connects is in SYN_SENT, and only who is connected to waits for accept(). */
function directionShown(message: InetDiagMessage, state: TcpState): "in" | "out" | null {
  if (state === "SYN_SENT") return "out";
  return message.inode === 0 && BEFORE_ACCEPT.has(state) ? "in" : null;
}
