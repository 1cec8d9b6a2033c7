import { closeSync } from "node:fs";

import { libbpf } from "./libbpf.js";

/** enum bpf_stats_type (include/uapi/linux/bpf.h) */
const BPF_STATS_RUN_TIME = 0;

/**
 * Has the kernel take the time of all BPF programs of the host (5.8; CAP_SYS_ADMIN) until it is closed. It looks at the
 * clock twice for each run then, so it is not for always. Null where the kernel does not let us.
 */
export function takeRunTimes(): { readonly close: () => void } | null {
  const fd = libbpf().enableStatistics(BPF_STATS_RUN_TIME);
  return fd < 0 ? null : { close: () => closeSync(fd) };
}
