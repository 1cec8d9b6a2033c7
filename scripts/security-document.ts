import { type CapabilityUse, KILL_CAPABILITIES, RUNG_CAPABILITIES } from "../src/model/privileges.js";
import { RUNGS, type Rung } from "../src/model/rung.js";
import { code, markdownTable } from "./markdown.js";

const INTRODUCTION = `# Security

<!-- Written by scripts/generate-docs.ts from src/model/privileges.ts and scripts/security-document.ts; do not edit. -->

## What tcptop keeps

As root, or with capabilities, tcptop gives away at its start all that the rung in use has no use for, and sets \`no_new_privs\`, so that nothing that it starts can
have more. Capabilities belong to threads and Node.js has ten others, so tcptop drops the bounding, permitted, effective and inheritable sets in one thread and
executes itself anew in the same process: its number, arguments, environment and the three standard descriptors stay. That second start takes some 90 ms, so it happens
before anything else is loaded.

- The automatic choice keeps what the rungs with eBPF need, and takes one more start, without CAP_BPF and CAP_PERFMON, when it falls below them. The
  bounding set stays as it was after the first (to lower it takes a capability that is gone by then); \`no_new_privs\` makes it void.
- An ordinary user has no capabilities to give away. There \`no_new_privs\` is set in the main thread, from which tcptop starts all that it starts.
- Where capabilities can't be given away (a seccomp filter that refuses \`capset\`), tcptop goes on with what it has; \`--debug\` says so.
- CAP_SYS_RESOURCE is not kept: the limit on locked memory, which kernels before 5.11 hold BPF maps against, is raised before it is given away.
- CAP_DAC_OVERRIDE is not kept: root may then write only where root's own permissions let it. In another user's folder (\`sudo tcptop\` in one's home) the key \`S\`
  writes its file to the folder for temporary files instead (\`$TMPDIR\`, else \`/tmp\`), and says where: always a new one that only its owner may read, never through a link.
- What the key \`K\` needs is kept only with \`--allow-kill\`, and only for the live view.
- Inherited descriptors other than the three standard ones are closed, as Node.js marks them.
- The one program that tcptop starts while it runs is \`cat\` (to read an iterator that may hang on a locked socket), with what it has itself; \`mount\` and
  \`umount\`, for a moment at the start, where cgroup v2 is not mounted.
- \`tcptop doctor\` keeps what it was given, to be able to say what that is good for.

## Rung by rung`;

const SYS_ADMIN = `**CAP_SYS_ADMIN is most of root.** The kernel takes it for CAP_BPF, CAP_PERFMON and (for BPF) CAP_NET_ADMIN too, so what is said to be lost without these holds where it
is missing as well. It is kept because there is no other way into a network namespace (setns(2)). Who does without the sockets that only it can show starts tcptop without
it:

\`\`\`sh
setpriv --bounding-set -all,+bpf,+perfmon,+net_admin,+sys_ptrace,+dac_read_search --inh-caps -all tcptop
\`\`\``;

const KILL = `### With \`--allow-kill\`

On every rung, for the key \`K\`; not CAP_SYS_ADMIN on the rung user, which shows one network namespace. The rungs with eBPF, and netlink, have both anyway.`;

const SETTINGS = `## Where a host allows less

Tested on Debian's kernels:

- **Kernel lockdown** (kernel_lockdown(7)): with \`integrity\` every rung is what it is elsewhere. With \`confidentiality\` no BPF program may read the kernel's memory: the kernel
  refuses the programs of each rung with eBPF, and tcptop takes \`netlink\` and says why. Some kernels before 5.13 load them and have them read zeros, so tcptop
  does not try where the host tells of that mode.
- **kernel.unprivileged_bpf_disabled**: whatever it is, root has every rung, and an ordinary user \`user\`: programs that read sockets ask for capabilities in any case.
- **Namespaces**: capabilities of a user namespace count for nothing outside of it, so root there is an ordinary user to tcptop. In a cgroup or a pid namespace it
  says what can't be known from there.`;

/** docs/security.md, from the table that tcptop itself drops capabilities by. */
export function securityDocument(): string {
  const parts = groups().flatMap((rungs) => [title(rungs), tableOf(RUNG_CAPABILITIES[rungs[0] ?? "proc"])]);
  return `${[INTRODUCTION, ...parts, KILL, tableOf(KILL_CAPABILITIES.proc), SYS_ADMIN, SETTINGS].join("\n\n")}\n`;
}

/** Rungs that make use of the same. */
function groups(): readonly (readonly Rung[])[] {
  const alike = (rung: Rung) => RUNGS.filter((other) => RUNG_CAPABILITIES[other] === RUNG_CAPABILITIES[rung]);
  return RUNGS.filter((rung) => alike(rung)[0] === rung).map(alike);
}

function title(rungs: readonly Rung[]): string {
  return `### ${rungs.join(", ")}`;
}

function tableOf(uses: readonly CapabilityUse[]): string {
  const rows = uses.map(({ capability, purpose, without }) => [code(capability), purpose, without]);
  return markdownTable(["Capability", "What it is for", "Lost without it"], rows);
}
