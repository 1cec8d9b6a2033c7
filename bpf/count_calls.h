/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * TCP's calls, one by one: reported, and counted for each connection.
 */
#ifndef TCPTOP_COUNT_CALLS_H
#define TCPTOP_COUNT_CALLS_H

#include "kernel_access.h"
#include "maps.h"
#include "notes.h"
#include "owner.h"
#include "read_socket.h"
#include "report.h"

/* Calls come faster than connections end: half of the ring is left to those. */
static __always_inline bool ring_has_room(void)
{
	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 2;
}

static __always_inline void report_call(struct call_record *record)
{
	struct ring_losses *lost;
	__u32 zero = 0;

	if (ring_has_room() && bpf_ringbuf_output(&ring, record, sizeof(*record), BPF_RB_NO_WAKEUP) == 0)
		return;
	lost = bpf_map_lookup_elem(&losses, &zero);
	if (lost)
		__sync_fetch_and_add(&lost->calls, 1);
}

static __always_inline int count_call(struct sock *sk, __u32 kind, int bytes)
{
	struct call_record record = { .kind = kind, .call_bytes = bytes };
	struct task_struct *task = current_task();
	struct connection_note *note;
	struct call_note *calls;

	if (bytes <= 0)
		return 0;
	note = note_of(sk);
	record.incarnation = note ? note->incarnation : 0;
	calls = call_note_of(sk);
	if (!calls)
		return 0;
	/* A socket that connects anew begins at 0. */
	if (calls->incarnation != record.incarnation) {
		__builtin_memset(&calls->totals, 0, sizeof(calls->totals));
		calls->incarnation = record.incarnation;
	}
	if (kind == RECORD_SEND) {
		__sync_fetch_and_add(&calls->totals.sends, 1);
		__sync_fetch_and_add(&calls->totals.sent_bytes, bytes);
	} else {
		__sync_fetch_and_add(&calls->totals.receives, 1);
		__sync_fetch_and_add(&calls->totals.received_bytes, bytes);
	}
	record.totals = calls->totals;
	record.cookie = cookie_of(sk, note);
	record.time_ns = bpf_ktime_get_ns();
	record.pid = FIELD(task, tgid);
	read_process_name(record.comm, task);
	report_call(&record);
	return 0;
}

/* A connection that comes in has no owner before somebody accepts it. */
static __always_inline int note_acceptor(struct sock *sk)
{
	struct connection_record record = {};
	struct connection_note *note;
	struct task_struct *task;

	if (!sk || FIELD(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	note = note_of(sk);
	task = current_task();
	if (!note || note->owner_pid || FIELD(task, flags) & PF_KTHREAD)
		return 0;
	note->owner_pid = FIELD(task, tgid);
	note->owner_source = OWNER_ACCEPT;
	read_process_name(note->owner_comm, task);
	record.cookie = cookie_of(sk, note);
	record.state = FIELD(sk, __sk_common.skc_state);
	read_note(&record, note);
	report(&record, RECORD_OWNER);
	return 0;
}

#endif
