import { BPF_FOLDER } from "../src/cli/package-files.js";
import { BpfObject, type Iterator } from "../src/linux/bpf-object.js";
import { IteratorReader } from "../src/linux/iterator-read.js";
import { type Cost, costOf } from "./cost.js";

export interface WalkCost {
  /** The walk over files: counters and owners at once. */
  readonly held: Cost;
  /** The walk over what no file holds. */
  readonly others: Cost;
}

const skip = (_: unknown, bytes: number) => bytes;

/**
 * The collector's two walks, read as it reads them and not decoded: what a sample costs beyond them is TypeScript's. It
 * loads the programs once more, with maps of their own, so that it does not disturb the collector's.
 */
export class BareWalk {
  readonly #object: BpfObject;
  readonly #held: Iterator;
  readonly #others: Iterator;
  readonly #reader = new IteratorReader();

  constructor() {
    this.#object = BpfObject.load({
      path: `${BPF_FOLDER}tcptop.bpf.o`,
      programs: ["walk_held_sockets", "walk_other_sockets"],
    });
    this.#held = this.#object.attachIterator("walk_held_sockets");
    this.#others = this.#object.attachIterator("walk_other_sockets", "notes");
  }

  async walk(): Promise<WalkCost> {
    const held = await costOf(() => this.#reader.walk(this.#held, skip));
    const others = await costOf(() => this.#reader.walk(this.#others, skip));
    return { held: held.cost, others: others.cost };
  }

  close(): void {
    this.#object.close();
  }
}
