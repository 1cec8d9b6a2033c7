import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { TcptopError } from "../model/error.js";
import { NetlinkStream } from "./netlink-stream.js";
import type { RecordMemory } from "./record-memory.js";
import { type DiagTable, NLMSG_DONE, NLMSG_ERROR, NLMSG_NOOP } from "./sock-diag-messages.js";
import type { DumpCommand } from "./socket-dumper.js";

const PROGRAM = fileURLToPath(new URL("./socket-dump-process.js", import.meta.url));
const HEADER_BYTES = 16;

export interface DumpRequest {
  /** Inode of a namespace that has been opened. */
  readonly netns: number;
  readonly table: DiagTable;
}

/** Who is told what dumps bring. */
export interface DumpListener {
  /** A message on a socket; `memory` is only valid during the call. */
  readonly take: (request: DumpRequest, memory: RecordMemory, at: number, length: number) => void;
  /** The dump is over; `isWhole` if no socket of the table is missing. */
  readonly end: (request: DumpRequest, isWhole: boolean) => void;
}

interface Round {
  readonly waiting: DumpRequest[];
  readonly listener: DumpListener;
  readonly finish: () => void;
  readonly fail: (error: TcptopError) => void;
}

/**
 * Dumps made by another process. For tcp_info the kernel locks each socket, and waits for whoever holds it locked (a send()
 * whose buffer is in a page that a fault is still bringing in), uninterruptibly: a process with a thread in that wait cannot end.
 */
export class SocketDumps {
  readonly #process: ChildProcess;
  #sequence = 0;
  #round: Round | null = null;
  #failure: TcptopError | null = null;
  #heardMs = 0;
  #whenReady: { readonly resolve: () => void; readonly reject: (error: TcptopError) => void } | null = null;
  /** Resolves when the process runs. @throws TcptopError `failed` when it doesn't. */
  readonly ready: Promise<void>;

  constructor() {
    // In a session of its own: a key that interrupts tcptop is not for it. It ends when its stdin does.
    this.#process = spawn(process.execPath, [PROGRAM], {
      stdio: ["pipe", "pipe", "ignore"],
      detached: true,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#whenReady = { resolve, reject };
    });
    // Told to who asks.
    this.ready.catch(() => undefined);
    const stream = new NetlinkStream((memory, at, length) => this.#take(memory, at, length));
    this.#process.stdout?.on("data", (chunk: Buffer) => {
      this.#heardMs = performance.now();
      stream.push(chunk);
    });
    this.#process.stdin?.on("error", () => this.#fail());
    this.#process.once("error", () => this.#fail());
    this.#process.once("exit", () => this.#fail());
  }

  /** For how long nothing has come, in ms, though something is asked for. */
  get silentMs(): number {
    return performance.now() - this.#heardMs;
  }

  /** `path` leads to the namespace with this inode; null for the one that we are in. */
  open(netns: number, path: string | null): void {
    this.#tell({ do: "open", netns, path });
  }

  letGo(netns: number): void {
    this.#tell({ do: "let go", netns });
  }

  /** Makes dumps, in this order; one round at a time. */
  read(requests: readonly DumpRequest[], listener: DumpListener): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (requests.length === 0) return Promise.resolve();
    this.#heardMs = performance.now();
    return new Promise((finish, fail) => {
      this.#round = { waiting: [...requests], listener, finish, fail };
      this.#askForNext(this.#round);
    });
  }

  /** A process that waits for a lock ends by itself, as soon as the lock is let go. */
  close(): void {
    this.#process.removeAllListeners();
    this.#process.kill("SIGKILL");
    this.#process.stdin?.destroy();
    this.#process.stdout?.destroy();
    this.#process.unref();
  }

  #askForNext({ waiting }: Round): void {
    const [request] = waiting;
    if (request === undefined) return;
    this.#sequence += 1;
    this.#tell({ do: "dump", netns: request.netns, table: request.table, sequence: this.#sequence });
  }

  #tell(command: DumpCommand): void {
    if (this.#failure === null) this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  #take(memory: RecordMemory, at: number, length: number): void {
    const type = memory.view.getUint16(at + 4, true);
    if (type === NLMSG_NOOP) {
      this.#whenReady?.resolve();
      return;
    }
    const round = this.#round;
    const request = round?.waiting[0];
    if (round === null || request === undefined) return;
    if (type === NLMSG_DONE || type === NLMSG_ERROR)
      this.#end(round, request, succeeded(memory.view, at, length));
    else round.listener.take(request, memory, at, length);
  }

  #end(round: Round, request: DumpRequest, isWhole: boolean): void {
    round.listener.end(request, isWhole);
    round.waiting.shift();
    if (round.waiting.length > 0) {
      this.#askForNext(round);
      return;
    }
    this.#round = null;
    round.finish();
  }

  #fail(): void {
    this.#failure ??= new TcptopError(
      "failed",
      "the process that asks the kernel for its sockets does not run",
      "see whether `ulimit -u` and the memory allow one more",
    );
    this.#whenReady?.reject(this.#failure);
    this.#round?.fail(this.#failure);
    this.#round = null;
  }
}

/** NLMSG_DONE and NLMSG_ERROR both begin with an error number; 0 is none. */
function succeeded(view: DataView, at: number, length: number): boolean {
  return length >= HEADER_BYTES + 4 && view.getInt32(at + HEADER_BYTES, true) === 0;
}
