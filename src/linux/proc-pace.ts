import { setImmediate as nextTurn } from "node:timers/promises";

/** How long work may keep the process to itself: a key press is not noticed to wait so long. */
const SLICE_MS = 4;

/**
 * Cuts long synchronous work into slices. Calls to /proc are too short to be worth a trip to the thread pool, and too many
 * to be made at a stretch.
 */
export class Pace {
  readonly #sliceMs: number;
  #untilMs: number;

  constructor(sliceMs = SLICE_MS) {
    this.#sliceMs = sliceMs;
    this.#untilMs = performance.now() + sliceMs;
  }

  /** Whether the slice is over, and `rest` is due. */
  isOver(): boolean {
    return performance.now() >= this.#untilMs;
  }

  /** Lets timers and I/O have their turn, and begins the next slice. */
  async rest(): Promise<void> {
    await nextTurn();
    this.#untilMs = performance.now() + this.#sliceMs;
  }
}
