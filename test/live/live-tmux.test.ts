import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { withForcedRung } from "./forced-rung.js";
import { TCPTOP } from "./tcptop.js";

const PATIENCE = { timeout: 20_000 };
const PROMPT = "ready> ";
const TALKERS = `
  const net = require("node:net");
  const server = net.createServer((socket) => socket.resume()).listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    const socket = net.connect(port, "127.0.0.1", () => console.log(port));
    setInterval(() => socket.write(Buffer.alloc(1000)), 100);
  });
`;

/** A shell in a tmux of its own. */
class Tmux {
  readonly #server = ["-L", `tcptop-test-${process.pid}`, "-f", "/dev/null"];

  constructor(columns: number, rows: number) {
    this.#run(
      "new-session",
      "-d",
      "-x",
      String(columns),
      "-y",
      String(rows),
      `PS1='${PROMPT}' ENV= LANG=C.UTF-8 sh`,
    );
  }

  type(...keys: readonly string[]): void {
    this.#run("send-keys", ...keys);
  }

  get screen(): string {
    return this.#run("capture-pane", "-p");
  }

  /** Whether the alternate screen is shown, the cursor, and whether a program has the mouse. */
  get modes(): string {
    return this.#run("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}").trim();
  }

  end(): void {
    this.#run("kill-server");
  }

  #run(...command: readonly string[]): string {
    return execFileSync("tmux", [...this.#server, ...command], { encoding: "utf8" });
  }
}

async function talkers(): Promise<{ readonly pid: number; readonly port: string }> {
  const child = spawn(process.execPath, ["-e", TALKERS], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [port] = await once(createInterface(child.stdout), "line");
  return { pid: child.pid ?? 0, port: String(port) };
}

test("in tmux, a real connection with its owner; q leaves the shell's screen as it was", async () => {
  const { pid, port } = await talkers();
  const tmux = new Tmux(120, 30);
  onTestFinished(() => tmux.end());
  tmux.type("echo before", "Enter");
  await expect.poll(() => tmux.screen, PATIENCE).toMatch(/^before\n/m);
  const command = [TCPTOP, ...withForcedRung(["-f", `'port ${port}'`])].join(" ");
  tmux.type("-l", `${command}; echo left $?`);
  tmux.type("Enter");
  await expect
    .poll(() => tmux.screen, PATIENCE)
    .toMatch(new RegExp(`^ *${pid} node .*127\\.0\\.0\\.1:${port}.* ESTABLISHED`, "m"));
  expect(tmux.modes).toBe("1 0 1");
  tmux.type("q");
  await expect.poll(() => tmux.screen, PATIENCE).toMatch(/^left 0$/m);
  expect(tmux.modes).toBe("0 1 0");
  expect(tmux.screen).toMatch(/^before$/m);
  expect(tmux.screen).not.toContain("ESTABLISHED");
  tmux.type("echo after", "Enter");
  await expect.poll(() => tmux.screen, PATIENCE).toMatch(/^after$/m);
});
