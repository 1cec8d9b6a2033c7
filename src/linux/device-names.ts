import { statSync } from "node:fs";

import { harmless } from "../model/text.js";
import { deviceNameOf } from "./libc.js";
import { inNetworkNamespace } from "./network-namespaces.js";

const HERE = "/proc/thread-self/ns/net";

/**
 * What the devices with these indexes are called, in the network namespace with that inode; in which `path` leads, unless it is
 * this thread's own. Null where that can't be entered, or is another by now. It takes no lock that network set-up holds:
 * SIOCGIFNAME, some 30 us for a namespace and 2 us for a name.
 */
export function readDeviceNames(
  netns: number,
  path: string | null,
  indexes: Iterable<number>,
): ReadonlyMap<number, string> | null {
  const read = (): ReadonlyMap<number, string> | null =>
    statSync(HERE).ino === netns ? namesHere(indexes) : null;
  try {
    return read() ?? (path === null ? null : inNetworkNamespace(path, read));
  } catch {
    return null;
  }
}

function namesHere(indexes: Iterable<number>): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const index of indexes) {
    const name = deviceNameOf(index);
    if (name !== null) names.set(index, harmless(name));
  }
  return names;
}
