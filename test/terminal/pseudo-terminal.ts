import { type ChildProcess, spawn } from "node:child_process";
import type { Size } from "../../src/tui/screen/screen.js";
import { Emulator, type EmulatorModes, type ShownCell } from "../tui/emulator.js";
import { buildPty } from "./build-pty.js";

const OUTPUT = "o".charCodeAt(0);
const HEADER_BYTES = 5;
const DEADLINE_MS = 20_000;

export interface PseudoTerminalOptions {
  readonly size?: Size;
  readonly env?: NodeJS.ProcessEnv;
  /** Without a shell that could continue it. */
  readonly isOrphan?: boolean;
}

/**
 * A terminal in which a program runs as the job of a shell: a real pseudo-terminal (test/terminal/pty.c), whose other end
 * is an emulator. Ends with `end`, and the program with it.
 */
export class PseudoTerminal {
  readonly #child: ChildProcess;
  readonly #emulator: Emulator;
  readonly #states: string[] = [];
  readonly #watchers = new Set<() => void>();
  #unread: Buffer = Buffer.alloc(0);
  #taken: Promise<void> = Promise.resolve();

  constructor(command: readonly string[], options: PseudoTerminalOptions = {}) {
    const { columns, rows } = options.size ?? { columns: 80, rows: 24 };
    const orphan = options.isOrphan === true ? ["--orphan"] : [];
    this.#emulator = new Emulator({ columns, rows });
    this.#emulator.onAnswer((text) => this.type(text));
    this.#child = spawn(buildPty(), [...orphan, String(columns), String(rows), ...command], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...options.env },
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk));
    // What is told to one that has ended already says nothing.
    this.#child.stdin?.on("error", () => {});
  }

  /** What was told of the program, in order: "pid 7", "stopped", "exited 0", "killed 9", "termios ...". */
  get states(): readonly string[] {
    return this.#states;
  }

  get modes(): EmulatorModes {
    return this.#emulator.modes;
  }

  get lines(): readonly string[] {
    return this.#emulator.lines();
  }

  cell(x: number, y: number): ShownCell {
    return this.#emulator.cell(x, y);
  }

  /** What somebody else writes to the terminal, from `wall` to the kernel. */
  async scribble(text: string): Promise<void> {
    await this.#emulator.send(text);
  }

  /** What a key sends. */
  type(text: string): void {
    this.#tell(`input ${Buffer.from(text, "utf8").toString("hex")}`);
  }

  resize({ columns, rows }: Size): void {
    this.#emulator.resize({ columns, rows });
    this.#tell(`size ${columns} ${rows}`);
  }

  /** What the terminal says from now on when it is asked for its background. */
  answerBackground(color: string): void {
    this.#emulator.answerBackground(color);
  }

  tell(command: "hold" | "release" | "foreground" | "background" | "hangup"): void {
    this.#tell(command);
  }

  /** The terminal's settings, as `stty` has them. */
  async settings(): Promise<string> {
    const before = this.#states.length;
    this.#tell("termios");
    return await this.state((state) => state.startsWith("termios "), before);
  }

  /** The first state from `from` on for which it holds. */
  async state(holds: (state: string) => boolean, from = 0): Promise<string> {
    const find = (): string | undefined => this.#states.slice(from).find(holds);
    await this.until(() => find() !== undefined);
    return find() ?? "";
  }

  /** Sends the program a signal. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const pid = await this.state((state) => state.startsWith("pid "));
    process.kill(Number(pid.slice("pid ".length)), signal);
  }

  /** Resolves when the terminal shows what is asked for; rejects with what it shows when that takes too long. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        this.#watchers.delete(look);
        clearTimeout(timer);
        finish();
      };
      const look = (): void => {
        if (holds()) settle(resolve);
      };
      const timer = setTimeout(() => {
        const shown = [...this.#states, ...this.lines].filter((line) => line !== "").join("\n");
        settle(() => reject(new Error(`${holds} did not come about; the terminal shows:\n${shown}`)));
      }, DEADLINE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  /** Ends the program with its terminal. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin?.end();
    await ended;
  }

  #tell(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Records are looked at in their order: a state when the output before it is shown. */
  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    while (this.#unread.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#unread.readUInt32LE(1);
      if (this.#unread.length < end) return;
      const kind = this.#unread[0];
      const payload = this.#unread.subarray(HEADER_BYTES, end);
      this.#unread = this.#unread.subarray(end);
      this.#taken = this.#taken.then(() => this.#take(kind === OUTPUT, payload));
    }
  }

  async #take(isOutput: boolean, payload: Buffer): Promise<void> {
    if (isOutput) await this.#emulator.send(payload);
    else this.#states.push(payload.toString("utf8"));
    for (const look of this.#watchers) look();
  }
}
