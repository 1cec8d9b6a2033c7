import fc from "fast-check";
import type { ClosedReading, Sample, SocketReading } from "../../../src/model/sample.js";
import { readingAt, sampleAt, seconds } from "../example-samples.js";

/** What one connection of the host moved in truth, and what became of it. */
export interface Truth {
  readonly id: string;
  txBytes: number;
  rxBytes: number;
  isOpen: boolean;
  isFolded: boolean;
}

/** A stretch of a host's life, as samples, beside its truth at the end. */
export interface Life {
  readonly samples: readonly Sample[];
  readonly truths: readonly Truth[];
}

/** What happens to one socket before the next sample. */
interface Step {
  readonly act: "none" | "move" | "close" | "reopen" | "flash" | "foldedClose";
  readonly bytes: number;
  /** How the walk treats it. */
  readonly walk: "see" | "skip" | "twice" | "late" | "mini";
  readonly isOpeningTold: boolean;
}

const SOCKETS = 4;

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("none", "move", "move", "close", "reopen", "flash", "foldedClose"),
  bytes: fc.nat({ max: 10_000 }),
  walk: fc.constantFrom("see", "see", "skip", "twice", "late", "mini"),
  isOpeningTold: fc.boolean(),
});

/** Random lives of a few sockets under a walk that skips, repeats and lags, with a collector that was there before. */
export const lives: fc.Arbitrary<Life> = fc
  .array(fc.array(step, { minLength: SOCKETS, maxLength: SOCKETS }), { minLength: 1, maxLength: 12 })
  .map(live);

function live(ticks: readonly (readonly Step[])[]): Life {
  const host = new Host();
  ticks.forEach((steps, index) => {
    host.beginSample(index + 1);
    steps.forEach((socketStep, socket) => {
      host.take(socket + 1, socketStep);
    });
    host.endSample();
  });
  return host.end(ticks.length + 1);
}

interface OpenConnection {
  readonly truth: Truth;
  readonly incarnation: number;
  readonly openedNs: number;
  reportedTx: number;
  reportedRx: number;
  missed: number;
}

class Host {
  readonly #samples: Sample[] = [];
  readonly #truths: Truth[] = [];
  readonly #open = new Map<number, OpenConnection>();
  readonly #incarnations = new Map<number, number>();
  readonly #last = new Map<number, SocketReading>();
  /** Sockets whose connection was folded and that have no other since, with the samples since: look-ups find none. */
  readonly #toBeFoundGone = new Map<number, number>();
  #folded = { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 };
  #at = 0;
  #sockets: SocketReading[] = [];
  #opened: SocketReading[] = [];
  #closed: ClosedReading[] = [];
  #gone: number[] = [];

  beginSample(at: number): void {
    this.#at = at;
    this.#sockets = [];
    this.#opened = [];
    this.#closed = [];
    this.#gone = [];
  }

  take(cookie: number, { act, bytes, walk, isOpeningTold }: Step): void {
    const before = this.#last.get(cookie);
    if (act === "close" || act === "reopen") this.#close(cookie);
    if (act === "foldedClose") this.#fold(cookie);
    if (act === "flash") {
      this.#close(cookie);
      this.#begin(cookie, false);
      this.#move(cookie, bytes);
      this.#close(cookie);
    }
    if (act === "reopen" || act === "move") this.#begin(cookie, isOpeningTold);
    if (act === "reopen" || act === "move") this.#move(cookie, bytes);
    this.#walk(cookie, walk, before);
    this.#lookUp(cookie);
  }

  endSample(): void {
    this.#samples.push(
      sampleAt(this.#at, {
        sockets: this.#sockets,
        opened: this.#opened,
        closed: this.#closed,
        gone: this.#gone,
        folded: this.#folded,
      }),
    );
  }

  /** Some quiet samples in which all that is open is seen, and what was folded is found gone. */
  end(at: number): Life {
    for (let index = 0; index < 4; index += 1) {
      this.beginSample(at + index);
      for (let cookie = 1; cookie <= SOCKETS; cookie += 1) {
        this.take(cookie, { act: "none", bytes: 0, walk: "see", isOpeningTold: false });
      }
      this.endSample();
    }
    return { samples: this.#samples, truths: this.#truths };
  }

  #begin(cookie: number, isTold: boolean): void {
    if (this.#open.has(cookie)) return;
    const incarnation = (this.#incarnations.get(cookie) ?? -1) + 1;
    this.#incarnations.set(cookie, incarnation);
    this.#toBeFoundGone.delete(cookie);
    const id = incarnation === 0 ? `${cookie}` : `${cookie}.${incarnation}`;
    const truth: Truth = { id, txBytes: 0, rxBytes: 0, isOpen: true, isFolded: false };
    this.#truths.push(truth);
    const openedNs = seconds(this.#at - 0.5);
    this.#open.set(cookie, { truth, incarnation, openedNs, reportedTx: 0, reportedRx: 0, missed: 0 });
    if (isTold) this.#opened.push(this.#reading(cookie, this.#at - 0.5));
  }

  #move(cookie: number, bytes: number): void {
    const connection = this.#open.get(cookie);
    if (connection === undefined) return;
    connection.truth.txBytes += bytes;
    connection.truth.rxBytes += 2 * bytes;
  }

  #close(cookie: number): void {
    const connection = this.#open.get(cookie);
    if (connection === undefined) return;
    this.#closed.push({ ...this.#reading(cookie, this.#at - 0.4), state: "LAST_ACK", endReason: "fin" });
    connection.truth.isOpen = false;
    this.#open.delete(cookie);
  }

  #fold(cookie: number): void {
    const connection = this.#open.get(cookie);
    if (connection === undefined) return;
    const { truth, reportedTx, reportedRx } = connection;
    this.#folded = {
      connections: this.#folded.connections + 1,
      txBytes: this.#folded.txBytes + truth.txBytes - reportedTx,
      rxBytes: this.#folded.rxBytes + truth.rxBytes - reportedRx,
      retransBytes: 0,
    };
    truth.isOpen = false;
    truth.isFolded = true;
    this.#open.delete(cookie);
    this.#toBeFoundGone.set(cookie, 0);
  }

  #walk(cookie: number, walk: Step["walk"], before: SocketReading | undefined): void {
    if (walk === "mini") this.#sockets.push(readingAt(this.#at, { cookie, state: "TIME_WAIT" }));
    if (walk === "late" && before !== undefined) this.#sockets.push(before);
    if (walk !== "see" && walk !== "twice") return;
    const connection = this.#open.get(cookie);
    if (connection === undefined) return;
    const reading = this.#reading(cookie, this.#at);
    if (walk === "twice") this.#sockets.push({ ...reading, readNs: reading.readNs - 1 });
    this.#sockets.push(reading);
    this.#last.set(cookie, reading);
    connection.reportedTx = connection.truth.txBytes;
    connection.reportedRx = connection.truth.rxBytes;
  }

  /** The collector looks up what it is asked for: here always, from the third sample after the fold on. */
  #lookUp(cookie: number): void {
    const samples = this.#toBeFoundGone.get(cookie);
    if (samples === undefined) return;
    this.#toBeFoundGone.set(cookie, samples + 1);
    if (samples >= 2) this.#gone.push(cookie);
  }

  #reading(cookie: number, at: number): SocketReading {
    const connection = this.#open.get(cookie);
    if (connection === undefined) throw new Error(`socket ${cookie} has no connection`);
    const { truth, incarnation, openedNs } = connection;
    const { txBytes, rxBytes } = truth;
    return readingAt(at, { cookie, incarnation, openedNs, txBytes, rxBytes });
  }
}
