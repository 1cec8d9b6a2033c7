import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Architecture } from "./matrix.js";

/**
 * One processor, no disk, no network. Its clock goes by the instructions that it executed, a nanosecond each, and jumps when it has
 * nothing to do: however busy this machine is, the deadlines of tests are the same, and no test waits for time to pass.
 */
const MACHINE = ["-accel", "tcg", "-icount", "shift=0,sleep=off", "-smp", "1", "-m", "1G"];
const NOTHING_ELSE = ["-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio"];

const ARCHITECTURE: Readonly<
  Record<Architecture, { readonly command: readonly string[]; readonly console: string }>
> = {
  x86_64: { command: ["qemu-system-x86_64"], console: "ttyS0" },
  // Newer processors than this one authenticate pointers, which is slow to emulate.
  arm64: { command: ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72"], console: "ttyAMA0" },
};

export interface GuestRequest {
  readonly architecture: Architecture;
  /** It has the kernel's image and its initramfs. */
  readonly folder: string;
  /** Where all that the guest says is kept. */
  readonly log: string;
  /** For the kernel itself, on its command line: "lockdown=integrity". */
  readonly parameters: readonly string[];
  /** For the kernel's command line, too: what test/kernels/init reads there. */
  readonly settings: Readonly<Record<string, string>>;
  readonly deadlineSeconds: number;
}

/** Boots a guest, hands on each line that it says, and resolves when it has switched itself off or its time is up. */
export async function runGuest(request: GuestRequest, hear: (line: string) => void): Promise<void> {
  const { command, console } = ARCHITECTURE[request.architecture];
  const [program = "", ...variant] = command;
  const settings = Object.entries(request.settings).map(([key, value]) => `tcptop.${key}=${value}`);
  const guest = spawn(
    program,
    [
      ...[...variant, ...MACHINE, ...NOTHING_ELSE],
      ...["-kernel", `${request.folder}/vmlinuz`, "-initrd", `${request.folder}/initramfs`],
      ...[
        "-append",
        [`console=${console}`, "quiet", "panic=-1", ...request.parameters, ...settings].join(" "),
      ],
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: request.deadlineSeconds * 1000,
      killSignal: "SIGKILL",
    },
  );
  const kill = (): void => {
    guest.kill("SIGKILL");
  };
  process.on("exit", kill);
  const ended = new Promise<void>((resolve, reject) => {
    guest.once("error", reject);
    guest.once("close", () => resolve());
  });
  const log = createWriteStream(request.log);
  createInterface({ input: guest.stdout }).on("line", (line) => {
    const said = line.replaceAll("\r", "");
    log.write(`${said}\n`);
    hear(said);
  });
  await ended;
  process.off("exit", kill);
  log.end();
}
