import { setTimeout as sleep } from "node:timers/promises";

import { buildProgram } from "./c-program.js";
import { Servant } from "./child.js";

/** Longer than a delayed ACK (40 ms on loopback), whose timers would fire within the tick that is measured. */
const SETTLE_MS = 100;

/** Connections, or peers of one UDP socket, that are there and quiet until they are told to move bytes. */
export class HeldConnections {
  readonly count: number;
  readonly #holder: Servant;

  /** TCP connections with both ends on this host: twice as many sockets. */
  static open(count: number): Promise<HeldConnections> {
    return HeldConnections.#start("hold", count);
  }

  /** Peers of one UDP socket. */
  static openFlows(count: number): Promise<HeldConnections> {
    return HeldConnections.#start("flows", count);
  }

  static async #start(program: "hold" | "flows", count: number): Promise<HeldConnections> {
    const holder = new Servant(buildProgram(program), [String(count)]);
    await holder.answer();
    return new HeldConnections(count, holder);
  }

  private constructor(count: number, holder: Servant) {
    this.count = count;
    this.#holder = holder;
  }

  /** Moves some bytes both ways on as many of them, and resolves when they are quiet again. */
  async move(active: number): Promise<void> {
    if (active > 0) await this.#holder.ask(`move ${active}`);
    await sleep(SETTLE_MS);
  }

  close(): Promise<void> {
    return this.#holder.end();
  }
}
