import { beforeAll, describe, expect, test } from "vitest";
import { buildRefuse } from "../refusal/build-refuse.js";
import { asNobody } from "./as-nobody.js";
import { type Ended, runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";

// Hosts that refuse what a rung stands on: tcptop takes the next that does work, with one line that says why, and doctor tells
// the same of it.

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;

let refuse: string;

beforeAll(() => {
  refuse = buildRefuse();
});

function run(command: readonly string[]): Promise<Ended> {
  const [program = "", ...args] = command;
  return runProgram(program, args);
}

/** What tcptop takes after `before`, as it says itself and as doctor does, and what it has to say of it. */
async function takenAfter(...before: readonly string[]): Promise<{
  readonly status: number | null;
  readonly taken: string | undefined;
  readonly foretold: string | null;
  readonly stderr: string;
}> {
  const { status, stdout, stderr } = await run([...before, TCPTOP, "-b", "-n", "1"]);
  const { taken }: { readonly taken: string | null } = JSON.parse(
    (await run([...before, TCPTOP, "doctor", "-o", "json"])).stdout,
  );
  return { status, taken: /^rung (\w+)/m.exec(stdout)?.[1], foretold: taken, stderr };
}

describe("seccomp", () => {
  test.each<readonly [string, readonly string[], string, RegExp]>([
    [
      "bpf(2) is refused",
      [`bpf=${EPERM}`],
      "netlink",
      /security policy of this host .* refuses BPF programs/,
    ],
    ["bpf(2) is forbidden", [`bpf=${EACCES}`], "netlink", /security policy of this host .* refuses bpf\(2\)/],
    ["bpf(2) is hidden", [`bpf=${ENOSYS}`], "netlink", /bpf\(2\) is not there/],
    ["so is sock_diag", [`bpf=${EPERM}`, `sock_diag=${EPERM}`], "proc", /refuses BPF programs/],
    ["there is no sock_diag", [`bpf=${EPERM}`, `sock_diag=${EPROTONOSUPPORT}`], "proc", /BPF programs/],
    ["so is setns(2)", [`bpf=${EPERM}`, `setns=${EPERM}`], "user", /refuses BPF programs/],
  ])("%s: %j", async (_, refused, rung, why) => {
    const { stderr, ...told } = await takenAfter(refuse, ...refused, "--");
    expect(told).toEqual({ status: 0, taken: rung, foretold: rung });
    expect(stderr).toMatch(/^tcptop: using rung [^\n]+\n$/);
    expect(stderr).toMatch(why);
  });

  test("sock_diag is refused to an ordinary user", async () => {
    const { stderr, ...told } = await takenAfter(
      "setpriv",
      ...asNobody(),
      refuse,
      `sock_diag=${EPERM}`,
      "--",
    );
    expect(told).toEqual({ status: 0, taken: "proc", foretold: "proc" });
    expect(stderr).toMatch(/^tcptop: using rung proc: [^\n]+privileged[^\n]+\n$/);
  });

  test("setns(2) is refused: the rung is the same, and what it lacks is said", async () => {
    const { stderr, ...told } = await takenAfter(refuse, `setns=${EPERM}`, "--");
    expect(told).toEqual({ status: 0, taken: "tracepoint", foretold: "tracepoint" });
    expect(stderr).toMatch(/^tcptop: [^\n]+ refuses setns\(2\): in other network namespaces, [^\n]+\n$/);
  });
});

test("a mount that hides cgroup v2 costs nothing where it can be mounted again", async () => {
  const hide = 'mount -t tmpfs none /sys/fs/cgroup && exec "$0" "$@"';
  const told = await takenAfter("unshare", "--mount", "sh", "-c", hide);
  expect(told).toEqual({ status: 0, taken: "tracepoint", foretold: "tracepoint", stderr: "" });
});

test("where it can't be, the rung has no UDP, and says why", async () => {
  const hide = 'mount -t tmpfs none /sys/fs/cgroup && exec setpriv "$0" "$@"';
  const kept = "-all,+bpf,+perfmon,+net_admin,+sys_ptrace,+dac_read_search";
  const drop = [`--bounding-set=${kept}`, "--inh-caps=-all"];
  const { stderr, ...told } = await takenAfter("unshare", "--mount", "sh", "-c", hide, ...drop);
  expect(told).toEqual({ status: 0, taken: "tracepoint", foretold: "tracepoint" });
  expect(stderr).toMatch(
    /^tcptop: using rung tracepoint: UDP [^\n]+ \(cgroup v2 is not mounted, and [^\n]+\n/,
  );
});
