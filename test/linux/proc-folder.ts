import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A process as /proc shows it. */
export interface ProcProcess {
  readonly pid: number;
  /** null: a file that is not there, as when it ends between two looks. */
  readonly comm?: string | null;
  /** Inode of its network namespace. */
  readonly netns?: number;
  /** What its descriptors are. */
  readonly fds?: readonly string[];
  /** Files below its net folder. */
  readonly net?: Readonly<Record<string, string>>;
  /** Folders there, which can be opened and not be read. */
  readonly netFolders?: readonly string[];
}

/** A folder that looks like /proc, and goes with the test. */
export interface ProcFolder {
  readonly path: string;
  /** Adds a process, or puts it in the place of the one that had its number. */
  readonly put: (process: ProcProcess) => void;
  readonly remove: (pid: number) => void;
}

/** The first process is the one that looks. */
export function procFolderOfTest(processes: readonly ProcProcess[]): ProcFolder {
  const path = mkdtempSync(join(tmpdir(), "tcptop-proc-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  writeFileSync(join(path, "uptime"), "1.00 1.00\n");
  const remove = (pid: number) => rmSync(join(path, String(pid)), { recursive: true, force: true });
  const put = (process: ProcProcess) => {
    remove(process.pid);
    write(join(path, String(process.pid)), process);
  };
  processes.forEach(put);
  const [self] = processes;
  if (self !== undefined) symlinkSync(String(self.pid), join(path, "self"));
  return { path, put, remove };
}

function write(folder: string, { comm, netns, fds, net, netFolders }: ProcProcess): void {
  for (const name of ["fd", "ns", "net"]) mkdirSync(join(folder, name), { recursive: true });
  if (comm !== null) writeFileSync(join(folder, "comm"), `${comm ?? "process"}\n`);
  if (netns !== undefined) symlinkSync(`net:[${netns}]`, join(folder, "ns", "net"));
  for (const [fd, target] of (fds ?? []).entries()) symlinkSync(target, join(folder, "fd", String(fd)));
  for (const [name, text] of Object.entries(net ?? {})) writeFileSync(join(folder, "net", name), text);
  for (const name of netFolders ?? []) mkdirSync(join(folder, "net", name));
}

/** One line of a socket table, as the kernel prints it on x86_64. */
export interface TableLine {
  /** As the kernel prints them: "0100007F:B037 0100007F:EB36". */
  readonly ends: string;
  /** Number of the state; default: established. */
  readonly state?: number;
  readonly inode?: number;
  readonly txQueue?: number;
  readonly rxQueue?: number;
  readonly isMiniSocket?: boolean;
  /** The last field of a table of UDP. */
  readonly drops?: number;
}

/** A whole table, header included. */
export function tableText(lines: readonly TableLine[]): string {
  const header =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  return header + lines.map((line, index) => `${index.toString().padStart(4)}: ${lineText(line)}\n`).join("");
}

function lineText({
  ends,
  state = 1,
  inode = 0,
  txQueue = 0,
  rxQueue = 0,
  isMiniSocket = false,
  drops,
}: TableLine): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");
  const timer = isMiniSocket ? "03:00000D6E" : "00:00000000";
  const queues = `${hex(txQueue, 8)}:${hex(rxQueue, 8)}`;
  const rest = drops === undefined ? "20 4 15 18 -1" : drops;
  return `${ends} ${hex(state, 2)} ${queues} ${timer} 00000000     0        0 ${inode} 1 00000000adf53388 ${rest}`;
}
