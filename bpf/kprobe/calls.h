/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Arguments and results of the functions that kprobes stand on. A return probe sees no arguments: they are kept from the
 * call's beginning, by task, to its end.
 */
#ifndef TCPTOP_KPROBE_CALLS_H
#define TCPTOP_KPROBE_CALLS_H

#include "kernel_access.h"
#include "maps.h"
#include "notes.h"

extern calls_map calls SEC(".maps");

/* See maps.bpf.c. */
extern const volatile __u32 target_arm64;

/* Where struct pt_regs (x86_64: arch/x86/include/uapi/asm/ptrace.h) has what the calling convention puts into registers. */
enum x86_64_register {
	X86_64_R9 = 8,
	X86_64_R8 = 9,
	X86_64_RAX = 10,
	X86_64_RCX = 11,
	X86_64_RDX = 12,
	X86_64_RSI = 13,
	X86_64_RDI = 14,
};

/* The verifier takes fixed places only: without the barrier the compiler would make one load of two, at a place to be computed. */
#define REGISTER(registers, arm64, x86_64) \
	({ \
		__u64 value; \
		if (target_arm64) { \
			value = (registers)[arm64]; \
			asm volatile("" : "+r"(value)); \
		} else { \
			value = (registers)[x86_64]; \
		} \
		value; \
	})

#define ARGUMENT_1(registers) REGISTER(registers, 0, X86_64_RDI)
#define ARGUMENT_2(registers) REGISTER(registers, 1, X86_64_RSI)
#define ARGUMENT_3(registers) REGISTER(registers, 2, X86_64_RDX)
#define ARGUMENT_4(registers) REGISTER(registers, 3, X86_64_RCX)
#define ARGUMENT_5(registers) REGISTER(registers, 4, X86_64_R8)
#define RESULT(registers) REGISTER(registers, 0, X86_64_RAX)

/* A task can be in one call of each at a time. */
enum probed_function {
	UDP_SEND = 1,
	UDP_PAGE,
	TCP_SEND,
	TCP_RECEIVE,
};

static __always_inline void count_missed_call(void)
{
	struct tracking_losses *lost = losses_of_cpu();

	if (lost)
		__sync_fetch_and_add(&lost->missed_calls, 1);
}

/*
 * There are only so many return probes at a time for each function; a call that finds none is not seen to end. Then its task
 * begins its next call here.
 */
static __always_inline void begin_call(enum probed_function function, const struct call_arguments *arguments)
{
	struct call call = { .task = bpf_get_current_pid_tgid(), .function = function };

	if (bpf_map_lookup_elem(&calls, &call))
		count_missed_call();
	if (bpf_map_update_elem(&calls, &call, arguments, BPF_ANY))
		count_missed_call();
}

/* False for a call that began before the probes were there, or that found no room. */
static __always_inline bool end_call(enum probed_function function, struct call_arguments *arguments)
{
	struct call call = { .task = bpf_get_current_pid_tgid(), .function = function };
	struct call_arguments *kept = bpf_map_lookup_elem(&calls, &call);

	if (!kept)
		return false;
	*arguments = *kept;
	bpf_map_delete_elem(&calls, &call);
	return true;
}

#endif
