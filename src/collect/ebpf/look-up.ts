import { SystemCallError } from "../../linux/libc.js";
import { findNetworkNamespaces, inNetworkNamespace } from "../../linux/network-namespaces.js";
import { SockDiag } from "../../linux/sock-diag.js";
import type { Suspect } from "../../model/connection.js";
import type { ConnectionKey } from "../../model/sample.js";

const PROTOCOLS = ["tcp", "udp"] as const;

/** Which of the suspects the kernel does not have any more. */
export function findGone(suspects: readonly Suspect[]): readonly ConnectionKey[] {
  if (suspects.length === 0) return [];
  const byNamespace = groupByNamespace(suspects);
  const namespaces = findNetworkNamespaces(new Set(byNamespace.keys()));
  return [...byNamespace].flatMap(([netns, here]) => goneFrom(namespaces.get(netns), here));
}

function goneFrom(namespace: string | undefined, suspects: readonly Suspect[]): readonly ConnectionKey[] {
  // It may be one that can't be seen from here (another pid namespace, hidepid). Of one that is gone the closes were told.
  if (namespace === undefined) return [];
  const netlink = openIn(namespace);
  if (netlink === null) return [];
  try {
    return PROTOCOLS.flatMap((proto) => goneOf(proto, netlink, suspects));
  } catch (error) {
    // No answer is no evidence: the next sample asks again.
    if (error instanceof SystemCallError) return [];
    throw error;
  } finally {
    netlink.close();
  }
}

function goneOf(
  proto: "tcp" | "udp",
  netlink: SockDiag,
  suspects: readonly Suspect[],
): readonly ConnectionKey[] {
  const asked = suspects.filter((suspect) => suspect.proto === proto);
  if (asked.length === 0 || !netlink.isSupported(proto)) return [];
  return asked.filter((suspect) => !exists(netlink, suspect)).map(({ cookie }) => cookie);
}

/** One of many peers of a UDP socket is not the kernel's to know: it goes with its socket, or when it is idle. */
function exists(netlink: SockDiag, { cookie, ...wanted }: Suspect): boolean {
  return typeof cookie === "string" || netlink.exists({ cookie, ...wanted });
}

/** Null where the namespace went away in between: the next sample asks again. */
function openIn(namespace: string): SockDiag | null {
  try {
    return inNetworkNamespace(namespace, () => new SockDiag());
  } catch {
    return null;
  }
}

function groupByNamespace(suspects: readonly Suspect[]): ReadonlyMap<number, readonly Suspect[]> {
  const groups = new Map<number, Suspect[]>();
  for (const suspect of suspects) {
    const group = groups.get(suspect.netns);
    if (group === undefined) groups.set(suspect.netns, [suspect]);
    else group.push(suspect);
  }
  return groups;
}
