import type { InputEvent } from "./input-event.js";
import { typedKey, typedWithAlt } from "./key-codes.js";
import { PasteReader } from "./paste-reader.js";
import { ESCAPE, type Next, skipSequence, skipString, type Taken, takeFrom } from "./take-event.js";

const NONE = new Uint8Array(0);
/** ESC and one more: longer ones are sequences for certain, that a slow line has cut. */
const MAX_AMBIGUOUS_BYTES = 2;
const ASCII_END = 0x80;

/**
 * Turns the bytes that a terminal sends into events, however they are cut into chunks. What is kept of unfinished
 * sequences is bounded, whatever comes.
 */
export class InputDecoder {
  /** The bytes of what is not complete yet. */
  #rest: Uint8Array = NONE;
  #next: Next = "keys";
  #paste: PasteReader | null = null;

  /** The events that these bytes complete. */
  feed(chunk: Uint8Array): readonly InputEvent[] {
    const bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    const events: InputEvent[] = [];
    let at = 0;
    while (at < bytes.length) {
      const taken = this.#takeFrom(bytes, at);
      if (taken === null) break;
      if (taken.event !== null) events.push(taken.event);
      this.#next = taken.next;
      at += taken.bytes;
    }
    this.#rest = bytes.slice(at);
    return events;
  }

  /** Whether an ESC waits for what may follow: after some 50 ms without it, `flush` tells that it was a key. */
  get isWaiting(): boolean {
    const [first, second = 0] = this.#rest;
    return (
      this.#next === "keys" &&
      first === ESCAPE &&
      this.#rest.length <= MAX_AMBIGUOUS_BYTES &&
      second < ASCII_END
    );
  }

  /** The event of a sequence that goes no further: ESC alone, or with Alt a character that begins sequences. */
  flush(): readonly InputEvent[] {
    if (!this.isWaiting) return [];
    const second = this.#rest[1];
    this.#rest = NONE;
    const event = second === undefined ? typedKey(ESCAPE) : typedWithAlt(second);
    return event === null ? [] : [event];
  }

  #takeFrom(bytes: Uint8Array, at: number): Taken | null {
    switch (this.#next) {
      case "paste":
        return this.#takePasted(bytes, at);
      case "skipped-string":
        return skipString(bytes, at);
      case "skipped-sequence":
        return skipSequence(bytes, at);
      case "keys":
        return takeFrom(bytes, at);
    }
  }

  #takePasted(bytes: Uint8Array, at: number): Taken | null {
    this.#paste ??= new PasteReader();
    const taken = this.#paste.takeFrom(bytes, at);
    if (taken !== null && taken.event !== null) this.#paste = null;
    return taken;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
