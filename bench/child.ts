import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Writable } from "node:stream";

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Ends the child with this process, however that ends. */
export function tie<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Ends a child by a signal, and waits until it has. */
export async function endBySignal(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!running.has(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** A program that takes orders as lines on stdin, answers each with a line on stdout, and ends with its stdin. */
export class Servant {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #orders: Writable;
  readonly #answers: Interface;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, args: readonly string[]) {
    const child = tie(spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] }));
    this.#name = program;
    this.#child = child;
    this.#orders = child.stdin;
    // If it has ended, the line that it does not answer with says so.
    this.#orders.on("error", () => undefined);
    this.#answers = createInterface(child.stdout);
    this.#lines = this.#answers[Symbol.asyncIterator]();
  }

  async answer(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.#name} ended early`);
    return value;
  }

  ask(order: string): Promise<string> {
    this.#orders.write(`${order}\n`);
    return this.answer();
  }

  async end(): Promise<void> {
    const ended = running.has(this.#child) ? once(this.#child, "exit") : null;
    this.#orders.end();
    await ended;
    this.#answers.close();
  }
}
