/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * What the walks write out, that user space starts once a tick and reads as binary records from a file descriptor.
 */
#ifndef TCPTOP_WALK_H
#define TCPTOP_WALK_H

#include "kernel_access.h"
#include "maps.h"
#include "notes.h"
#include "owner.h"
#include "read_datagrams.h"
#include "read_socket.h"
#include "resting.h"

static __always_inline bool is_connection(__u8 state)
{
	return state != TCP_CLOSE && state != TCP_SYN_RECV && state != TCP_TIME_WAIT;
}

/* Fills a zeroed record; false when there is no connection to show. */
static __always_inline bool read_shown(struct connection_record *record, struct sock *sk, struct tcp_sock *tp,
				       const struct connection_note *note)
{
	__u8 state = FIELD(sk, __sk_common.skc_state);

	if (note->closed || !is_connection(state))
		return false;
	/* A socket that connects anew keeps its former port until connect() has chosen one: only its outcome is shown. */
	if (state == TCP_SYN_SENT && note->incarnation)
		return false;
	read_socket(record, sk, tp, note, state);
	record->kind = RECORD_WALK;
	/* connect() has not chosen its port yet. */
	return record->tuple.local_port != 0;
}

/* False when the buffer was full: then the kernel drops what was written for this object, and shows it again. */
static __always_inline bool write_connection(struct bpf_iter_meta *meta, const struct connection_record *record,
					     struct connection_note *note)
{
	if (bpf_seq_write(meta->seq, record, sizeof(*record)))
		return false;
	note->reported_tx_bytes = record->tx_bytes;
	note->reported_rx_bytes = record->rx_bytes;
	note->reported_retrans_bytes = record->retrans_bytes;
	return true;
}

/* A socket that no file holds. */
static __always_inline void walk_other_socket(struct bpf_iter_meta *meta, struct sock *sk, struct tcp_sock *tp,
					      struct connection_note *note)
{
	struct connection_record record = {};

	if (read_shown(&record, sk, tp, note) && is_still(sk, note))
		write_connection(meta, &record, note);
}

static __always_inline bool write_holder(struct bpf_iter_meta *meta, __u64 cookie, struct task_struct *task)
{
	struct holder_record record = {
		.kind = RECORD_HOLDER,
		.pid = task->tgid,
		.cookie = cookie,
	};

	read_process_name(record.comm, task);
	return bpf_seq_write(meta->seq, &record, sizeof(record)) == 0;
}

/* A UDP socket, with what it moved with no peer that a call named; its flows come with walk_flows. */
static __always_inline bool write_udp_socket(struct bpf_iter_meta *meta, struct sock *sk, struct datagram_note *note)
{
	struct flow_record record = { .kind = RECORD_UDP_SOCKET };

	/* Not bound: it has neither sent nor can it receive. */
	if (!FIELD(sk, __sk_common.skc_num))
		return true;
	/* Once it has moved something, its peer is the one that it did so with. */
	if (!note->first_ns) {
		note->netns = FIELD(sk, __sk_common.skc_net.net, ns.inum);
		read_own_tuple(&note->tuple, sk);
	}
	read_datagram_note(&record, note);
	record.cookie = cookie_of(sk, note);
	record.drops = read_drops(sk);
	record.bound_device = FIELD(sk, __sk_common.skc_bound_dev_if);
	return bpf_seq_write(meta->seq, &record, sizeof(record)) == 0;
}

static __always_inline void walk_udp_socket(struct bpf_iter_meta *meta, struct sock *sk, struct task_struct *task)
{
	struct datagram_note *note;

	note = datagram_note_or_new(sk);
	if (!note || !write_holder(meta, cookie_of(sk, note), task) || note->walk == meta->session_id)
		return;
	if (write_udp_socket(meta, sk, note))
		note->walk = meta->session_id;
}

/* A connection that a process has open, met for the first time in this walk. */
static __always_inline void walk_connection(struct bpf_iter_meta *meta, struct sock *sk, struct tcp_sock *tp,
					    struct connection_note *note, struct task_struct *task)
{
	struct connection_record record = {};
	__u64 activity = activity_of(sk, tp, note);
	__u64 told;

	if (is_at_rest(note, activity)) {
		tell_resting(meta, note);
		return;
	}
	if (!read_shown(&record, sk, tp, note) || !is_still(sk, note)) {
		if (write_holder(meta, cookie_of(sk, note), task))
			note->walk = meta->session_id;
		return;
	}
	told = number_of(&record);
	if (was_told(note, told)) {
		if (!tell_resting(meta, note))
			return;
		note->is_settled = can_settle(&record) && note->activity == activity;
	} else {
		if (!write_resting(meta) || !write_holder(meta, record.cookie, task) ||
		    !write_connection(meta, &record, note))
			return;
		walk_progress.resting.count = 0;
		take_place(meta, note);
		note->told = told;
		note->holder = walk_progress.holder;
		note->is_settled = false;
	}
	note->activity = activity;
}

/* A socket that a process has open, with its counters, once in a walk, and with its holder. It adopts what it meets. */
static __always_inline void walk_held_socket(struct bpf_iter_meta *meta, struct sock *sk, struct task_struct *task)
{
	struct connection_note *note;
	struct tcp_sock *tp;
	__u16 protocol;

	if (is_udp(sk)) {
		walk_udp_socket(meta, sk, task);
		return;
	}
	if (FIELD(sk, __sk_common.skc_state) == TCP_CLOSE)
		return;
	protocol = FIELD(sk, sk_protocol);
	if (protocol == IPPROTO_MPTCP) {
		/* Its subflows are connections; they come with the walk over the rest. */
		write_holder(meta, cookie_of(sk, 0), task);
		return;
	}
	if (protocol != IPPROTO_TCP)
		return;
	tp = tcp_sock_of(sk);
	if (!tp)
		return;
	note = note_or_new((struct sock *)tp);
	if (!note) {
		write_holder(meta, cookie_of(sk, note), task);
		return;
	}
	if (note->walk == meta->session_id) {
		/* Its first holder may be among those that are not written yet. */
		if (write_resting(meta) && write_holder(meta, cookie_of(sk, note), task))
			walk_progress.resting.count = 0;
		return;
	}
	meet_holder(task);
	walk_connection(meta, sk, tp, note, task);
}

#endif
