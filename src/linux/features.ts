// What the running kernel can do, asked of the kernel itself: distributions backport, so versions prove nothing.
import { existsSync } from "node:fs";
import { KERNEL_BTF, kernelBtf } from "./kernel-btf.js";
import { lastErrno, libbpf } from "./libbpf.js";
import { errorText } from "./libc.js";

/** Conclusive or not: "no" is only said where the kernel said so. */
export type FeatureAnswer =
  | { readonly kind: "yes" }
  | { readonly kind: "no" }
  | { readonly kind: "unknown"; readonly why: string };

export interface Feature {
  /** As words that fit after "this kernel has no". */
  readonly name: string;
  /** The first mainline kernel that has it. */
  readonly minimumKernel: string;
  readonly probe: () => FeatureAnswer;
}

/** include/uapi/linux/btf.h */
const BTF_KIND_STRUCT = 4;
const BTF_KIND_TYPEDEF = 8;
const BTF_KIND_FUNC = 12;
const BTF_KIND_VAR = 14;

/** A BPF helper that is older than all that are asked for: where BTF lacks it, BTF tells nothing of helpers. */
const OLD_HELPER = "bpf_sk_storage_get";
const YES: FeatureAnswer = { kind: "yes" };
const NO: FeatureAnswer = { kind: "no" };

/** What every object of programs here stands on. */
const OBJECT_FEATURES: readonly Feature[] = [
  { name: "BTF of its own types", minimumKernel: "5.4", probe: () => (existsSync(KERNEL_BTF) ? YES : NO) },
  kernelType("BPF ring buffer", "5.8", "bpf_ringbuf", BTF_KIND_STRUCT),
  kernelType("BPF iterator over files", "5.8", "bpf_iter__task_file", BTF_KIND_STRUCT),
];

/** What tells of TCP's openings and ends. */
const STATE_CHANGE_FEATURES: readonly Feature[] = [
  kernelType(
    "tracepoint sock:inet_sock_set_state",
    "4.16",
    "btf_trace_inet_sock_set_state",
    BTF_KIND_TYPEDEF,
  ),
  kernelType("tracepoint tcp:tcp_destroy_sock", "4.16", "btf_trace_tcp_destroy_sock", BTF_KIND_TYPEDEF),
];

/**
 * What the tracepoint rung stands on. Read off the kernel's BTF, which anybody may read: libbpf's probes take a refused
 * privilege for a missing map type, and a kernel that refuses fentry for one without tracing programs.
 */
export const TRACEPOINT_RUNG_FEATURES: readonly Feature[] = [
  ...OBJECT_FEATURES,
  kernelType("BPF iterator over socket storage", "5.9", "bpf_iter__bpf_sk_storage_map", BTF_KIND_STRUCT),
  ...STATE_CHANGE_FEATURES,
  helper("look-up of a file's socket by BPF", "5.11", "bpf_sock_from_file"),
  helper("socket storage for BPF tracing programs", "5.11", "bpf_sk_storage_get_tracing"),
  helper("socket cookies for BPF tracing programs", "5.12", "bpf_get_socket_ptr_cookie"),
];

/** Whether programs on kprobes and tracepoints may allocate maps' entries (6.1); before, they take what is there. */
export const BPF_ALLOCATOR: Feature = kernelType("allocator of BPF", "6.1", "bpf_mem_alloc", BTF_KIND_STRUCT);

/**
 * Whether a task can be preempted in a program on a tracepoint: since Linux 7 tracepoints are kept by SRCU-fast instead of by
 * disabling preemption. Before SRCU-fast another kind of SRCU was there for the idle loop.
 */
export const PREEMPTIBLE_TRACEPOINTS: Feature = {
  name: "preemptible tracepoints",
  minimumKernel: "7.0",
  probe: () =>
    askKernelBtf((has) =>
      has("tracepoint_srcu_srcu_data", BTF_KIND_VAR) && has("srcu_ctr", BTF_KIND_STRUCT) ? YES : NO,
    ),
};

/**
 * Whether the kernel was built to preempt its own tasks (CONFIG_PREEMPTION): readers of RCU are then counted in a function that is
 * inlined everywhere else.
 */
export const PREEMPTION: Feature = {
  name: "preemption",
  minimumKernel: "2.6",
  probe: () => askKernelBtf((has) => (has("__rcu_read_unlock", BTF_KIND_FUNC) ? YES : NO)),
};

/** What the kprobe rung stands on. Whether programs attach to functions, only trying tells: it is a matter of policy. */
export const KPROBE_RUNG_FEATURES: readonly Feature[] = [
  ...OBJECT_FEATURES,
  kernelType("BPF iterator over TCP sockets", "5.9", "bpf_iter__tcp", BTF_KIND_STRUCT),
  kernelType("BPF iterator over maps' elements", "5.9", "bpf_iter__bpf_map_elem", BTF_KIND_STRUCT),
  ...STATE_CHANGE_FEATURES,
];

/** What the tracepoint rung needs besides to count UDP: the calls' tracepoints. */
export const DATAGRAM_TRACEPOINT_FEATURES: readonly Feature[] = [
  kernelType("tracepoint sock:sock_send_length", "6.3", "btf_trace_sock_send_length", BTF_KIND_TYPEDEF),
  kernelType("tracepoint sock:sock_recv_length", "6.3", "btf_trace_sock_recv_length", BTF_KIND_TYPEDEF),
];

/** What the fentry rung stands on. Whether programs attach to functions, only trying tells: not on each architecture. */
export const FENTRY_RUNG_FEATURES: readonly Feature[] = [
  ...TRACEPOINT_RUNG_FEATURES,
  kernelType("BPF trampolines", "5.5", "bpf_trampoline", BTF_KIND_STRUCT),
];

function kernelType(name: string, minimumKernel: string, type: string, kind: number): Feature {
  return { name, minimumKernel, probe: () => askKernelBtf((has) => (has(type, kind) ? YES : NO)) };
}

function helper(name: string, minimumKernel: string, implementation: string): Feature {
  const probe = () =>
    askKernelBtf((has): FeatureAnswer => {
      if (has(implementation, BTF_KIND_FUNC)) return YES;
      return has(OLD_HELPER, BTF_KIND_FUNC)
        ? NO
        : { kind: "unknown", why: "the kernel's BTF has no helpers" };
    });
  return { name, minimumKernel, probe };
}

function askKernelBtf(ask: (has: (name: string, kind: number) => boolean) => FeatureAnswer): FeatureAnswer {
  if (!existsSync(KERNEL_BTF)) return { kind: "unknown", why: "the kernel does not describe its types" };
  const btf = kernelBtf();
  if (btf === null) return { kind: "unknown", why: errorText(lastErrno()) };
  return ask((name, kind) => libbpf().findBtfType(btf, name, kind) > 0);
}
