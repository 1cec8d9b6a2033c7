import { TcptopError } from "../model/error.js";
import { has, type Privileges, readPrivileges } from "./capabilities.js";
import { type OwnNamespace, ownNamespaces } from "./own-namespaces.js";
import { readSecuritySettings, type SecuritySettings } from "./security-settings.js";

const MEND = "run tcptop as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN";

export interface Standing {
  readonly privileges: Privileges;
  readonly namespaces: readonly OwnNamespace[];
  readonly settings: SecuritySettings;
}

/**
 * Refuses what the kernel would refuse, without the time that it takes to get there.
 * @throws TcptopError `unavailable`.
 */
export function requireBpfPrivileges(
  standing: Pick<Standing, "privileges"> = { privileges: readPrivileges() },
): void {
  const { effective } = standing.privileges;
  if (has(effective, "CAP_SYS_ADMIN") || (has(effective, "CAP_BPF") && has(effective, "CAP_PERFMON"))) return;
  throw unprivileged("");
}

/** Why the kernel answered EPERM to a BPF program: for want of a privilege, or in spite of all. */
export function explainRefusedBpf(
  detail: string,
  standing: Standing = readStanding(),
  cause?: unknown,
): TcptopError {
  const unavailable = (why: string) => new TcptopError("unavailable", why, "", { cause, detail });
  if (!hasAll(standing.privileges)) return unprivileged(detail);
  if (standing.namespaces.some(({ kind, isInitial }) => kind === "user" && isInitial === false)) {
    const why = "in a user namespace: its capabilities do not count for BPF programs";
    return new TcptopError("unavailable", why, "run tcptop as root of the host", {
      cause,
      detail,
      remedy: "privilege",
    });
  }
  if (standing.settings.lockdown === "confidentiality") {
    return unavailable(
      "kernel lockdown (confidentiality) keeps BPF programs from reading the kernel's memory",
    );
  }
  return unavailable("a security policy of this host (seccomp, or a security module) refuses BPF programs");
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
  return {
    privileges: readPrivileges(),
    namespaces: ownNamespaces(),
    settings: readSecuritySettings(),
  };
}
