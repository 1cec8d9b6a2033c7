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

static __always_inline bool is_connection(__u8 state)
{
	return state != TCP_CLOSE && state != TCP_SYN_RECV && state != TCP_TIME_WAIT;
}

/* True unless the buffer was full: then the kernel drops what was written for this object, and shows it again. */
static __always_inline bool write_socket(struct bpf_iter_meta *meta, struct sock *sk, struct tcp_sock *tp,
					 struct connection_note *note)
{
	struct connection_record record = {};
	__u8 state = FIELD(sk, __sk_common.skc_state);

	if (note->closed || !is_connection(state))
		return true;
	/* A socket that connects anew keeps its former port until connect() has chosen one: only its outcome is shown. */
	if (state == TCP_SYN_SENT && note->incarnation)
		return true;
	read_socket(&record, sk, tp, note, state);
	/* connect() has not chosen its port yet. */
	if (record.tuple.local_port == 0)
		return true;
	if (!is_still(sk, note))
		return true;
	record.kind = RECORD_WALK;
	if (bpf_seq_write(meta->seq, &record, sizeof(record)))
		return false;
	note->reported_tx_bytes = record.tx_bytes;
	note->reported_rx_bytes = record.rx_bytes;
	note->reported_retrans_bytes = record.retrans_bytes;
	return true;
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
	if (!write_holder(meta, cookie_of(sk, note), task) || !note || note->walk == meta->session_id)
		return;
	if (write_socket(meta, sk, tp, note))
		note->walk = meta->session_id;
}

#endif
