import { SystemCallError } from "../../linux/libc.js";
import { findNetworkNamespaces, inNetworkNamespace } from "../../linux/network-namespaces.js";
import { SockDiag } from "../../linux/sock-diag.js";
import type { Suspect } from "../../model/connection.js";
import type { SocketCookie } from "../../model/sample.js";

/** Which of the suspects the kernel does not have any more. */
export function findGone(suspects: readonly Suspect[]): readonly SocketCookie[] {
  if (suspects.length === 0) return [];
  const namespaces = findNetworkNamespaces();
  const byNamespace = groupByNamespace(suspects);
  return [...byNamespace].flatMap(([netns, here]) => goneFrom(namespaces.get(netns), here));
}

function goneFrom(namespace: string | undefined, suspects: readonly Suspect[]): readonly SocketCookie[] {
  // It may be one that can't be seen from here (another pid namespace, hidepid). Of one that is gone the closes were told.
  if (namespace === undefined) return [];
  const netlink = openIn(namespace);
  if (netlink === null) return [];
  try {
    if (!netlink.isSupported()) return [];
    return suspects.filter((suspect) => !netlink.exists(suspect)).map(({ cookie }) => cookie);
  } catch (error) {
    // No answer is no evidence: the next sample asks again.
    if (error instanceof SystemCallError) return [];
    throw error;
  } finally {
    netlink.close();
  }
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
