import { BpfRefusal } from "../../linux/bpf-object.js";
import { errorText } from "../../linux/libc.js";
import { TcptopError } from "../../model/error.js";

/** include/linux/errno.h: the kernel's own, without a text in libc. */
const ENOTSUPP = 524;
const EPERM = 1;
const E2BIG = 7;
const EBUSY = 16;

interface Reason {
  readonly why: string;
  readonly mend: string;
}

const OF_THE_KERNEL: Reason = {
  why: "it can't call programs from its functions, on this architecture or as it was built (CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)",
  mend: "",
};
/** The kernel does not tell which: seccomp and security modules answer so, and some kernels without function tracing. */
const NOT_PERMITTED: Reason = {
  why: "it refuses them, though no privilege is missing: by a security policy (seccomp, or a security module), or as it was built",
  mend: "",
};
const REASONS: ReadonlyMap<number, Reason> = new Map([
  [EPERM, NOT_PERMITTED],
  [E2BIG, { why: "a function has as many programs attached as it can have", mend: "end the other tracers" }],
  [EBUSY, { why: "a live patch or another tracer has a function", mend: "" }],
  [ENOTSUPP, OF_THE_KERNEL],
]);

/** Why programs on kernel functions, in words, when it was one of these that the kernel refused. */
export function explainFunctionRefusal(error: TcptopError, programs: readonly string[]): TcptopError {
  const { cause, remedy } = error;
  // A privilege that is missing is missing for all programs.
  if (remedy === "privilege") return error;
  if (!(cause instanceof BpfRefusal) || cause.program === null || !programs.includes(cause.program))
    return error;
  const { why, mend } = REASONS.get(cause.errno) ?? { why: errorText(cause.errno), mend: error.mend };
  return new TcptopError("unavailable", `fentry programs do not attach on this kernel: ${why}`, mend, {
    cause: error,
    detail: error.detail ?? error.message,
    ...(cause.errno === EPERM ? { remedy: "policy" } : {}),
  });
}
