import type { ProcessReading } from "./process-reader.js";

/** Names by inode of a network namespace. */
export type NamespaceNames = ReadonlyMap<number, string>;

/** `cni-<uuid>`, or the uuid alone: made by the runtime of a pod, whose own name says more. */
const MADE_UP = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What the namespaces are called: by the name that `ip netns` has for them, else by the pod or container that all known
 * processes in them belong to. Never after a container: `shared` ones, the host's own, in which containers can run too.
 */
export function nameNamespaces(
  given: NamespaceNames,
  processes: Iterable<ProcessReading>,
  shared: ReadonlySet<number>,
): NamespaceNames {
  const names = new Map(namesOfContainers(processes, shared));
  for (const [netns, name] of given) {
    if (!MADE_UP.test(name) || !names.has(netns)) names.set(netns, name);
  }
  return names;
}

function namesOfContainers(
  processes: Iterable<ProcessReading>,
  shared: ReadonlySet<number>,
): readonly (readonly [number, string])[] {
  const networks = new Map<number, string | null>();
  for (const { netns, network } of processes) {
    if (netns === null || shared.has(netns)) continue;
    const known = networks.get(netns);
    networks.set(netns, known === undefined || known === network ? network : null);
  }
  return withoutAmbiguous(networks);
}

/** A container can have made further namespaces inside: a name that would stand for several is given to none. */
function withoutAmbiguous(
  networks: ReadonlyMap<number, string | null>,
): readonly (readonly [number, string])[] {
  const uses = new Map<string, number>();
  for (const name of networks.values()) if (name !== null) uses.set(name, (uses.get(name) ?? 0) + 1);
  return [...networks].flatMap(([netns, name]) =>
    name !== null && uses.get(name) === 1 ? [[netns, name] as const] : [],
  );
}
