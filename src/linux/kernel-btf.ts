import { libbpf, withLog } from "./libbpf.js";
import type { Address } from "./libc.js";

/** Where the kernel describes its types, which anybody may read. */
export const KERNEL_BTF = "/sys/kernel/btf/vmlinux";

/** As long as a start may take; what is asked later loads it again. */
const SHARED_MS = 1000;
let shared: Address | null = null;

/**
 * The running kernel's BTF; null where it has none. It is not to be kept, nor freed: reading it takes 10 ms, and there is
 * much to ask, for one rung after another, while each fails.
 */
export function kernelBtf(): Address | null {
  if (shared !== null) return shared;
  // Where there is none, libbpf would complain on stderr.
  const btf = withLog(() => libbpf().loadKernelBtf()).result;
  if (btf === null) return null;
  shared = btf;
  setTimeout(() => {
    shared = null;
    libbpf().freeBtf(btf);
  }, SHARED_MS).unref();
  return btf;
}
