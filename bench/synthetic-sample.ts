import type { Holder, Sample, SocketReading } from "../src/model/sample.js";
import type { TcpDetails } from "../src/model/tcp-details.js";

const INTERVAL_NS = 1e9;

/** A reading whose times can move on, as those of the eBPF rungs do. */
type KeptReading = SocketReading & { readNs: number; clock: number };

/** Connections without a kernel: every number that is asked for, and readings as the collectors with eBPF make them. */
export class SyntheticConnections {
  readonly #count: number;
  readonly #txBytes: Float64Array;
  readonly #readings: KeptReading[];
  #revision = 0;
  #samples = 0;

  constructor(count: number) {
    this.#count = count;
    this.#txBytes = new Float64Array(count);
    this.#readings = Array.from({ length: count }, (_, index) => this.#reading(index));
  }

  /** The next sample, in which as many connections have moved bytes since the one before; another part each time. */
  next(active: number): Sample {
    this.#samples += 1;
    for (let moved = 0; moved < active; moved++) {
      const index = (this.#samples * active + moved) % this.#count;
      this.#txBytes[index] = (this.#txBytes[index] ?? 0) + 1000;
      this.#readings[index] = this.#reading(index);
    }
    for (const reading of this.#readings) {
      reading.readNs = this.#readNs;
      reading.clock = this.#samples;
    }
    return {
      timeMs: this.#samples * 1000,
      readNs: this.#readNs,
      sockets: this.#readings.slice(),
      opened: [],
      closed: [],
      lateOwners: [],
      holders: Array.from({ length: this.#count }, (_, index) => holder(index)),
      gone: [],
      folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
      missedEvents: 0,
      stalled: null,
    };
  }

  get #readNs(): number {
    return this.#samples * INTERVAL_NS;
  }

  #reading(index: number): KeptReading {
    this.#revision += 1;
    const bytes = this.#txBytes[index] ?? 0;
    return {
      proto: "tcp",
      cookie: index + 1,
      incarnation: 0,
      holderCookie: index + 1,
      tuple: TUPLES[index % TUPLES.length] ?? FIRST_TUPLE,
      netns: 4_026_531_840,
      boundDevice: null,
      receivingDevice: null,
      state: "ESTABLISHED",
      direction: "out",
      openedNs: null,
      readNs: this.#readNs,
      txBytes: bytes,
      rxBytes: 2 * bytes,
      rttUs: 25,
      rttvarUs: 10,
      minRttUs: 5,
      retrans: 0,
      retransBytes: 0,
      cwnd: 10,
      deliveryRate: 1e9,
      sendQueue: 0,
      recvQueue: 0,
      acceptQueue: null,
      acceptLimit: null,
      drops: null,
      lastMovedNs: null,
      tcp: DETAILS,
      clock: this.#samples,
      revision: this.#revision,
      owner: null,
    };
  }
}

/** The table compares tuples and never keys by them: some will do. */
const FIRST_TUPLE = tuple(0);
const TUPLES = Array.from({ length: 1000 }, (_, index) => tuple(index));

function tuple(index: number): SocketReading["tuple"] {
  return {
    family: 4,
    localAddr: "127.0.0.1",
    localPort: 1024 + index,
    remoteAddr: "127.0.1.1",
    remotePort: 80,
  };
}

function holder(index: number): Holder {
  return { cookie: index + 1, pid: 1000 + (index % 100), comm: "server" };
}

const DETAILS: TcpDetails = {
  busyTime: 0,
  receiverWindowTime: 0,
  sendBufferTime: 0,
  isCwndLimited: false,
  isAppLimited: true,
  waitsForRoom: false,
  timeouts: 0,
  inFlight: 0,
  lost: 0,
  unsentBytes: 0,
  sendWindow: 65_536,
  receiveWindow: 65_536,
  mss: 1448,
  dataSegmentsOut: 1,
  dataSegmentsIn: 1,
  congestionAlgorithm: "cubic",
};
