import { BPF_FOLDER } from "../src/cli/package-files.js";
import { BpfNumber } from "../src/linux/bpf-number.js";
import { BpfObject, type Iterator } from "../src/linux/bpf-object.js";
import { IteratorReader } from "../src/linux/iterator-read.js";
import type { RecordMemory } from "../src/linux/record-memory.js";
import { RECORD_KIND, WalkEndRecord } from "../src/linux/records.gen.js";
import { type Cost, costOf } from "./cost.js";

export interface WalkCost {
  /** The walk over files: counters and owners at once. */
  readonly held: Cost;
  /** The walk over what no file holds. */
  readonly others: Cost;
}

const skip = (_: unknown, bytes: number) => bytes;

/**
 * The collector's two walks, read as it reads them and not decoded but for their end: what a sample costs beyond them is
 * TypeScript's. It loads the programs once more, with maps of their own, so that it does not disturb the collector's.
 */
export class BareWalk {
  readonly #object: BpfObject;
  readonly #held: Iterator;
  readonly #others: Iterator;
  readonly #taken: BpfNumber;
  readonly #reader = new IteratorReader();

  constructor() {
    this.#object = BpfObject.load({
      path: `${BPF_FOLDER}tcptop.bpf.o`,
      programs: ["walk_held_sockets", "walk_other_sockets"],
    });
    this.#taken = new BpfNumber(this.#object.mapFd("taken_walk"));
    this.#held = this.#object.attachIterator("walk_held_sockets");
    this.#others = this.#object.attachIterator("walk_other_sockets", "notes");
  }

  async walk(): Promise<WalkCost> {
    const held = await costOf(() =>
      this.#reader.walk(this.#held, (memory, bytes) => this.#take(memory, bytes)),
    );
    const others = await costOf(() => this.#reader.walk(this.#others, skip));
    return { held: held.cost, others: others.cost };
  }

  /** The next walk refers to this one, as the collector's do. */
  #take(memory: RecordMemory, bytes: number): number {
    const end = new WalkEndRecord(memory, bytes - WalkEndRecord.size);
    if (bytes >= WalkEndRecord.size && end.kind === RECORD_KIND.RECORD_WALK_END) this.#taken.set(end.walk);
    return bytes;
  }

  close(): void {
    this.#object.close();
  }
}
