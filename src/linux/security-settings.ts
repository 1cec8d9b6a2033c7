// What the host's security settings say of programs such as this one. Each is null where the kernel does not tell.
import { readFileSync } from "node:fs";

/** Kernel lockdown (kernel_lockdown(7)). */
export type Lockdown = "none" | "integrity" | "confidentiality";

export interface SecuritySettings {
  readonly lockdown: Lockdown | null;
  /** kernel.unprivileged_bpf_disabled: 0 is for everybody, 1 and 2 for privileged processes only. */
  readonly unprivilegedBpfDisabled: number | null;
  /** kernel.perf_event_paranoid: what of perf an unprivileged process may use, the less the higher. */
  readonly perfEventParanoid: number | null;
}

const LOCKDOWN = "/sys/kernel/security/lockdown";
const SYSCTLS = "/proc/sys/kernel";

export function readSecuritySettings(): SecuritySettings {
  return {
    lockdown: parseLockdown(textOf(LOCKDOWN)),
    unprivilegedBpfDisabled: numberIn(textOf(`${SYSCTLS}/unprivileged_bpf_disabled`)),
    perfEventParanoid: numberIn(textOf(`${SYSCTLS}/perf_event_paranoid`)),
  };
}

/** The file has all modes, and the one in force in brackets: "none [integrity] confidentiality". */
export function parseLockdown(text: string | null): Lockdown | null {
  const mode = /\[(\w+)\]/.exec(text ?? "")?.[1];
  return mode === "none" || mode === "integrity" || mode === "confidentiality" ? mode : null;
}

function numberIn(text: string | null): number | null {
  return text !== null && /^-?\d+\s*$/.test(text) ? Number(text) : null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
