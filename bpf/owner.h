/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Whose context is this? The process that is current when a packet changes a socket's state is whoever was
 * interrupted. sk_lock.owned is 1 exactly when the current task holds this very socket.
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

#endif
