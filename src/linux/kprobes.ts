import { existsSync } from "node:fs";

const EVENT_SOURCES = "/sys/bus/event_source/devices";

/** Whether the kernel was built with kprobes that programs can be attached to; null where it does not tell (no sysfs). */
export function hasKprobes(): boolean | null {
  return existsSync(EVENT_SOURCES) ? existsSync(`${EVENT_SOURCES}/kprobe`) : null;
}
