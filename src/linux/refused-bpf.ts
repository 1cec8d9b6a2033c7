import { TcptopError } from "../model/error.js";
import { has, type Privileges, readPrivileges } from "./capabilities.js";
import { isInUserNamespace, type OwnNamespace, ownNamespaces } from "./own-namespaces.js";
import { readSecuritySettings, type SecuritySettings } from "./security-settings.js";

const MEND = "run tcptop as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN";

export interface Standing {
  readonly privileges: Privileges;
  readonly namespaces: readonly OwnNamespace[];
  readonly settings: SecuritySettings;
}

/**
 * The kernel knows this helper since 5.5, so it is refused by policy, not for its age. libbpf asks for it by its older name where
 * it is refused under the newer one.
 */
const REFUSED_READING = /(?:cannot use helper|unknown func|The helper) bpf_probe_read/;

/**
 * Refuses what the kernel would refuse, without the time that it takes to get there.
 * @throws TcptopError `unavailable`.
 */
export function requireBpf({ privileges, settings }: Omit<Standing, "namespaces"> = readSettled()): void {
  const { effective } = privileges;
  if (!has(effective, "CAP_SYS_ADMIN") && !(has(effective, "CAP_BPF") && has(effective, "CAP_PERFMON"))) {
    throw unprivileged("");
  }
  // Not left to the kernel: some before 5.13 load programs that then read zeros.
  if (settings.lockdown === "confidentiality") throw lockedDown("");
}

/** What libbpf said of a load that failed because programs may not read the kernel's memory; null where it failed otherwise. */
export function explainRefusedReading(log: string): TcptopError | null {
  return REFUSED_READING.test(log) ? lockedDown(log) : null;
}

/** Why the kernel answered EPERM to a BPF program: for want of a privilege, or in spite of all. */
export function explainRefusedBpf(
  detail: string,
  standing: Standing = readStanding(),
  cause?: unknown,
): TcptopError {
  if (!hasAll(standing.privileges)) return unprivileged(detail);
  if (isInUserNamespace(standing.namespaces)) {
    const why = "in a user namespace: its capabilities do not count for BPF programs";
    return new TcptopError("unavailable", why, "run tcptop as root of the host", {
      cause,
      detail,
      remedy: "privilege",
    });
  }
  if (standing.settings.lockdown === "confidentiality") return lockedDown(detail);
  const why = "a security policy of this host (seccomp, or a security module) refuses BPF programs";
  return new TcptopError("unavailable", why, "", { cause, detail, remedy: "policy" });
}

const ENOSYS = 38;
const EACCES = 13;

/**
 * Why not even a map could be made, or the kernel's BTF be read: bpf(2) itself is not there, or refused. Null where it was a program
 * that the kernel did not take, or something else.
 */
export function explainRefusedCall(program: string | null, errno: number, log: string): TcptopError | null {
  if (errno === ENOSYS) {
    const why =
      "bpf(2) is not there: the kernel was built without it, or a security policy of this host (seccomp) hides it";
    return new TcptopError("unavailable", why, "", { detail: log, remedy: "policy" });
  }
  if (errno !== EACCES || program !== null) return null;
  const why = "a security policy of this host (seccomp, or a security module) refuses bpf(2)";
  return new TcptopError("unavailable", why, "", { detail: log, remedy: "policy" });
}

function lockedDown(detail: string): TcptopError {
  const why = "kernel lockdown (confidentiality) keeps BPF programs from reading the kernel's memory";
  return new TcptopError("unavailable", why, "", { detail, remedy: "policy" });
}

function unprivileged(detail: string): TcptopError {
  const why = "the kernel lets only privileged processes load BPF programs";
  return new TcptopError("unavailable", why, MEND, { detail, remedy: "privilege" });
}

function hasAll({ effective }: Privileges): boolean {
  if (has(effective, "CAP_SYS_ADMIN")) return true;
  return ["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"].every((name) => has(effective, name));
}

function readStanding(): Standing {
  return { ...readSettled(), namespaces: ownNamespaces() };
}

function readSettled(): Omit<Standing, "namespaces"> {
  return { privileges: readPrivileges(), settings: readSecuritySettings() };
}
