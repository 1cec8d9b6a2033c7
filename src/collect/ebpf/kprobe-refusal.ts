import { BpfRefusal } from "../../linux/bpf-object.js";
import { hasKprobes } from "../../linux/kprobes.js";
import { errorText } from "../../linux/libc.js";
import { readSecuritySettings } from "../../linux/security-settings.js";
import { TcptopError } from "../../model/error.js";

const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;
const EINVAL = 22;
const EOPNOTSUPP = 95;

/** What a host says of kprobes to anybody who asks; null where it does not. */
export interface KprobeHost {
  readonly hasKprobes: boolean | null;
  readonly perfEventParanoid: number | null;
}

/**
 * Why kprobes were refused, in words, when it was one of these programs that the kernel did not take. What is refused for
 * want of a privilege, or by a security setting, has been said by then.
 */
export function explainKprobeRefusal(
  error: TcptopError,
  programs: readonly string[],
  host: () => KprobeHost = readHost,
): TcptopError {
  const { cause } = error;
  if (!(cause instanceof BpfRefusal) || cause.program === null || !programs.includes(cause.program))
    return error;
  const standing = host();
  const options = { cause: error, detail: error.detail ?? error.message };
  if (standing.hasKprobes === false) {
    const why = "this kernel was built without kprobes (CONFIG_KPROBES, CONFIG_KPROBE_EVENTS)";
    return new TcptopError("unavailable", why, "boot a kernel that has them", {
      ...options,
      remedy: "kernel",
    });
  }
  if (cause.errno === EPERM) return error;
  if (cause.errno === EACCES) {
    const setting = standing.perfEventParanoid;
    const why = setting === null ? "" : ` (kernel.perf_event_paranoid is ${setting})`;
    return new TcptopError(
      "unavailable",
      `the kernel lets only privileged processes attach kprobes${why}`,
      "run tcptop as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN",
      { ...options, remedy: "privilege" },
    );
  }
  return new TcptopError(
    "unavailable",
    `kprobes do not attach on this kernel: ${wordsFor(cause.program, cause.errno)}`,
    "",
    options,
  );
}

function wordsFor(program: string, errno: number): string {
  switch (errno) {
    case ENOENT:
      return `it has no function for ${program}, or does not tell where its functions are`;
    case EINVAL:
    case EOPNOTSUPP:
      return `it does not let the function of ${program} be probed (${errorText(errno)})`;
    default:
      return errorText(errno);
  }
}

function readHost(): KprobeHost {
  return { hasKprobes: hasKprobes(), perfEventParanoid: readSecuritySettings().perfEventParanoid };
}
