import { existsSync } from "node:fs";
import { hostname, machine, release } from "node:os";
import { has, namesOf, readPrivileges } from "../../linux/capabilities.js";
import { findCgroupRoot } from "../../linux/cgroup-root.js";
import { KERNEL_BTF } from "../../linux/kernel-btf.js";
import { libbpfPath, libbpfVersion } from "../../linux/libbpf.js";
import { ownNamespaces } from "../../linux/own-namespaces.js";
import { readSecuritySettings } from "../../linux/security-settings.js";
import { TcptopError } from "../../model/error.js";
import { type CapabilityUse, KILL_CAPABILITIES, RUNG_CAPABILITIES } from "../../model/privileges.js";
import type { Rung } from "../../model/rung.js";
import { harmless } from "../../model/text.js";
import { packageVersion } from "../package-files.js";
import type { CapabilityFinding, DoctorReport } from "./report.js";

/** All of the report but what the rungs themselves tell. */
export function examineHost(): Omit<DoctorReport, "rungs" | "taken" | "capabilities"> {
  const settings = readSecuritySettings();
  return {
    version: packageVersion(),
    host: harmless(hostname()),
    kernel: harmless(release()),
    architecture: machine(),
    ...findLibbpf(),
    hasKernelBtf: existsSync(KERNEL_BTF),
    lockdown: settings.lockdown,
    unprivilegedBpfDisabled: settings.unprivilegedBpfDisabled,
    perfEventParanoid: settings.perfEventParanoid,
    cgroupMount: nullable(findCgroupRoot()),
    namespaces: ownNamespaces(),
    capabilitiesHeld: namesOf(readPrivileges().effective),
  };
}

/** What the rung that is taken could make use of, and what a better one could. */
export function examineCapabilities(taken: Rung | null): readonly CapabilityFinding[] {
  const { effective } = readPrivileges();
  const own = taken === null ? [] : RUNG_CAPABILITIES[taken];
  const kill = KILL_CAPABILITIES[taken ?? "tracepoint"];
  // Those of the rungs with eBPF are all that there are: in their order, with the use that the rung in use has for them.
  return RUNG_CAPABILITIES.tracepoint
    .map((use) => own.find(({ capability }) => capability === use.capability) ?? use)
    .map((use) => ({ ...withKill(use, kill), isHeld: has(effective, use.capability) }));
}

function withKill(use: CapabilityUse, kill: readonly CapabilityUse[]): CapabilityUse {
  const also = kill.find(({ capability }) => capability === use.capability);
  if (also === undefined) return use;
  return {
    capability: use.capability,
    purpose: `${use.purpose}; with --allow-kill, ${also.purpose}`,
    without: `${use.without}; with --allow-kill, ${also.without}`,
  };
}

function findLibbpf(): Pick<DoctorReport, "libbpf" | "libbpfMend"> {
  try {
    const version = libbpfVersion();
    return { libbpf: { version, path: nullable(libbpfPath()) }, libbpfMend: null };
  } catch (error) {
    if (!(error instanceof TcptopError)) throw error;
    return { libbpf: null, libbpfMend: error.mend };
  }
}

function nullable(path: string | null): string | null {
  return path === null ? null : harmless(path);
}
