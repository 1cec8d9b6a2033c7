// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// The walks that user space starts once a tick and reads as binary records from a file descriptor.
#include "kernel_types.h"
#include "maps.h"
#include "owner.h"
#include "read_datagrams.h"
#include "read_socket.h"

#include <bpf/bpf_tracing.h>

extern notes_map notes SEC(".maps");
extern datagram_notes_map datagram_notes SEC(".maps");

static __always_inline bool is_connection(__u8 state)
{
	return state != TCP_CLOSE && state != TCP_SYN_RECV && state != TCP_TIME_WAIT;
}

/* The walk over files that user space did last. */
__u64 current_walk;

/*
 * Gives every TCP socket of the namespace in which the iterator was created a note, so that the walks see it. Run once
 * per namespace, at the start: this iterator locks each socket (from 5.15), and waits for a process that holds one in
 * a page fault for as long as that takes. It writes nothing out.
 */
SEC("iter/tcp")
int adopt_sockets(struct bpf_iter__tcp *ctx)
{
	struct sock_common *skc = ctx->sk_common;
	struct tcp_sock *tp;

	if (!skc || !is_connection(skc->skc_state))
		return 0;
	tp = bpf_skc_to_tcp_sock(skc);
	if (tp)
		bpf_sk_storage_get(&notes, tp, 0, BPF_SK_STORAGE_GET_F_CREATE);
	return 0;
}

/* True unless the buffer was full: then the kernel drops what was written for this object, and shows it again. */
static __always_inline bool write_socket(struct bpf_iter_meta *meta, struct sock *sk, struct tcp_sock *tp,
					 struct connection_note *note)
{
	struct connection_record record = {};
	__u8 state = sk->__sk_common.skc_state;

	if (note->closed || !is_connection(state))
		return true;
	/* A socket that connects anew keeps its former port until connect() has chosen one: only its outcome is shown. */
	if (state == TCP_SYN_SENT && note->incarnation)
		return true;
	read_socket(&record, sk, tp, note, state);
	/* connect() has not chosen its port yet. */
	if (record.tuple.local_port == 0)
		return true;
	record.kind = RECORD_WALK;
	if (bpf_seq_write(meta->seq, &record, sizeof(record)))
		return false;
	note->reported_tx_bytes = record.tx_bytes;
	note->reported_rx_bytes = record.rx_bytes;
	note->reported_retrans_bytes = record.retrans_bytes;
	return true;
}

static __always_inline bool write_holder(struct bpf_iter_meta *meta, struct sock *sk, struct task_struct *task)
{
	struct holder_record record = {
		.kind = RECORD_HOLDER,
		.pid = task->tgid,
		.cookie = bpf_get_socket_cookie(sk),
	};

	read_process_name(record.comm, task);
	return bpf_seq_write(meta->seq, &record, sizeof(record)) == 0;
}

/* A UDP socket, with what it moved with no peer that a call named; its flows come with walk_flows. */
static __always_inline bool write_udp_socket(struct bpf_iter_meta *meta, struct sock *sk, struct datagram_note *note)
{
	struct flow_record record = { .kind = RECORD_UDP_SOCKET };

	/* Not bound: it has neither sent nor can it receive. */
	if (!sk->__sk_common.skc_num)
		return true;
	/* Once it has moved something, its peer is the one that it did so with. */
	if (!note->first_ns) {
		note->netns = sk->__sk_common.skc_net.net->ns.inum;
		read_own_tuple(&note->tuple, sk);
	}
	read_datagram_note(&record, note);
	record.cookie = bpf_get_socket_cookie(sk);
	record.drops = read_drops(sk);
	record.bound_device = sk->__sk_common.skc_bound_dev_if;
	return bpf_seq_write(meta->seq, &record, sizeof(record)) == 0;
}

static __always_inline void walk_udp_socket(struct bpf_iter_meta *meta, struct sock *sk, struct task_struct *task)
{
	struct datagram_note *note;

	note = bpf_sk_storage_get(&datagram_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!note || !write_holder(meta, sk, task) || note->walk == meta->session_id)
		return;
	if (write_udp_socket(meta, sk, note))
		note->walk = meta->session_id;
}

/*
 * Every socket that a process has open, with its counters and its holders, for the whole host: one pass, without
 * entering a namespace and without a lock. It also adopts what it meets, so that sockets of namespaces that could not
 * be entered are not lacking.
 */
SEC("iter/task_file")
int walk_held_sockets(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct connection_note *note;
	struct socket *socket;
	struct tcp_sock *tp;
	struct sock *sk;

	if (ctx->meta->seq_num == 0)
		current_walk = ctx->meta->session_id;
	if (!file || !task)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk)
		return 0;
	if (is_udp(sk)) {
		walk_udp_socket(ctx->meta, sk, task);
		return 0;
	}
	if (sk->__sk_common.skc_state == TCP_CLOSE)
		return 0;
	if (sk->sk_protocol == IPPROTO_MPTCP) {
		/* Its subflows are connections; they come with the walk over the rest. */
		write_holder(ctx->meta, sk, task);
		return 0;
	}
	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return 0;
	note = bpf_sk_storage_get(&notes, tp, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!write_holder(ctx->meta, sk, task) || !note || note->walk == ctx->meta->session_id)
		return 0;
	if (write_socket(ctx->meta, sk, tp, note))
		note->walk = ctx->meta->session_id;
	return 0;
}

/*
 * What no process has open: orphans that still send, connections not yet accepted, MPTCP's subflows, io_uring's direct
 * descriptors, the kernel's own. It visits every socket that has a note, in all namespaces, and must write few: the
 * kernel resumes this iterator, after each full buffer, by counting from the head of a list that holds one half of all
 * sockets on two CPUs (20,000 written: 35 ms, 100,000: 1.3 s; 100,000 visited: a few ms).
 */
SEC("iter/bpf_sk_storage_map")
int walk_other_sockets(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct connection_note *note = ctx->value;
	struct sock *sk = ctx->sk;
	struct tcp_sock *tp;

	if (!sk || !note || note->walk == current_walk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (tp)
		write_socket(ctx->meta, sk, tp, note);
	return 0;
}
