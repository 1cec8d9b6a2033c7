import { findMountedNamespaces } from "../../linux/mounted-namespaces.js";
import { ownNetworkNamespace } from "../../linux/network-namespaces.js";
import { networkNamespaceOf } from "../../linux/proc-processes.js";

/** So many processes that are known already are asked again each time, in turn: one can change its namespace. */
const ASKED_AGAIN = 1_000;

/** Finds the network namespaces that have a process, or a place where they are mounted. */
export class NamespaceFinder {
  readonly #procFolder: string;
  readonly #own = ownNetworkNamespace();
  /** Namespaces by process, those asked longest ago first. */
  readonly #byProcess = new Map<number, number>();

  constructor(procFolder = "/proc") {
    this.#procFolder = procFolder;
  }

  /** Each namespace with a path that leads to it, or null for our own. `pids` are those of all processes. */
  find(pids: readonly number[]): ReadonlyMap<number, string | null> {
    this.#forgetAllBut(new Set(pids));
    const known = [...this.#byProcess.keys()].slice(0, ASKED_AGAIN);
    for (const pid of known) this.#ask(pid);
    for (const pid of pids) if (!this.#byProcess.has(pid)) this.#ask(pid);
    const found = new Map<number, string | null>([[this.#own, null]]);
    for (const [netns, place] of findMountedNamespaces()) if (!found.has(netns)) found.set(netns, place);
    for (const [pid, netns] of this.#byProcess) {
      if (!found.has(netns)) found.set(netns, `${this.#procFolder}/${pid}/ns/net`);
    }
    return found;
  }

  /** To the end of the line; one whose namespace is not ours to see is asked each time, like a new one. */
  #ask(pid: number): void {
    this.#byProcess.delete(pid);
    const netns = networkNamespaceOf(`${this.#procFolder}/${pid}`);
    if (netns !== null) this.#byProcess.set(pid, netns);
  }

  #forgetAllBut(pids: ReadonlySet<number>): void {
    for (const pid of this.#byProcess.keys()) if (!pids.has(pid)) this.#byProcess.delete(pid);
  }
}
