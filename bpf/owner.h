/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Whose context is this? The process that is current when a packet changes a socket's state is whoever was
 * interrupted. sk_lock.owned is 1 exactly when the current task is in a call on this very socket: then it has it open, but
 * for who closes it by its address (see is_closed_by_order).
 */
#ifndef TCPTOP_OWNER_H
#define TCPTOP_OWNER_H

#include "kernel_access.h"
#include "maps.h"

/* The process's name, not its thread's: thread names would split one process's connections. */
static __always_inline void read_process_name(char comm[COMM_LEN], struct task_struct *task)
{
	bpf_probe_read_kernel_str(comm, COMM_LEN, FIELD(task, group_leader)->comm);
}

/* Notes the current process as owner, where it is known to act on this socket, and none is noted. */
static __always_inline bool note_context_owner(struct connection_note *note, const struct sock *sk, __u8 source)
{
	struct task_struct *task;

	if (note->owner_pid || !FIELD(sk, sk_lock.owned))
		return false;
	task = current_task();
	if (FIELD(task, flags) & PF_KTHREAD)
		return false;
	note->owner_pid = FIELD(task, tgid);
	note->owner_source = source;
	read_process_name(note->owner_comm, task);
	return true;
}

/*
 * Whether the socket is being closed by SOCK_DESTROY, as from `ss -K`: who orders that locks it like its owner, and is none.
 * tcp_abort() sets the error before the state; of a listener, which has no more to lose, after it.
 */
static __always_inline bool is_closed_by_order(const struct sock *sk, __u8 old_state)
{
	return old_state == TCP_LISTEN || FIELD(sk, sk_err) == ECONNABORTED;
}

/* No process has it any more. */
static __always_inline bool is_dead(const struct sock *sk)
{
	return FIELD(sk, __sk_common.skc_flags) & (1UL << bpf_core_enum_value(enum sock_flags, SOCK_DEAD));
}

#endif
