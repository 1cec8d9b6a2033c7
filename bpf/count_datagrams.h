/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * UDP has no byte counters in the kernel: what send and receive calls return is counted here, for each peer. How a call's
 * length and peer are come by is up to the programs: by tracepoints (datagrams.bpf.c), functions
 * (datagram_functions.bpf.c) or kprobes (kprobe/datagrams.bpf.c).
 */
#ifndef TCPTOP_COUNT_DATAGRAMS_H
#define TCPTOP_COUNT_DATAGRAMS_H

#include "kernel_access.h"
#include "maps.h"
#include "notes.h"
#include "owner.h"
#include "read_datagrams.h"

extern flows_map flows SEC(".maps");
extern ring_map ring SEC(".maps");
extern losses_map losses SEC(".maps");

enum way {
	SENT,
	RECEIVED,
};

static __always_inline void count(__u64 *tx_bytes, __u64 *rx_bytes, __u64 *last_ns, enum way way, __u32 bytes)
{
	__sync_fetch_and_add(way == SENT ? tx_bytes : rx_bytes, bytes);
	*last_ns = bpf_ktime_get_ns();
}

static __always_inline void report_end(struct flow_record *record)
{
	struct ring_losses *lost;
	__u32 zero = 0;

	if (bpf_ringbuf_output(&ring, record, sizeof(*record), BPF_RB_NO_WAKEUP) == 0)
		return;
	lost = bpf_map_lookup_elem(&losses, &zero);
	if (lost)
		__sync_fetch_and_add(&lost->udp_ends, 1);
}

/* The first process that moves something. Its calls run in its context; only the kernel's own threads are nobody. */
static __always_inline void note_datagram_owner(struct datagram_note *note)
{
	struct task_struct *task;

	if (note->owner_pid)
		return;
	task = current_task();
	if (FIELD(task, flags) & PF_KTHREAD)
		return;
	note->owner_pid = FIELD(task, tgid);
	read_process_name(note->owner_comm, task);
}

static __always_inline struct flow *find_or_make_flow(struct sock *sk, const struct flow_key *key,
						      const struct datagram_note *note)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, key);
	struct flow made = {};

	if (flow)
		return flow;
	made.number = next_flow_number();
	made.first_ns = bpf_ktime_get_ns();
	made.netns = FIELD(sk, __sk_common.skc_net.net, ns.inum);
	made.owner_pid = note->owner_pid;
	__builtin_memcpy(made.owner_comm, note->owner_comm, sizeof(made.owner_comm));
	read_local(&made.tuple, sk, key->family);
	made.tuple.remote_port = key->remote_port;
	__builtin_memcpy(made.tuple.remote_addr, key->remote_addr, sizeof(made.tuple.remote_addr));
	/* BPF_NOEXIST: another thread may have made it since; its entry then serves. */
	bpf_map_update_elem(&flows, key, &made, BPF_NOEXIST);
	return bpf_map_lookup_elem(&flows, key);
}

/*
 * The socket's own row. A socket that has been connected to another peer since ends one row and begins the next: what it
 * moved with the first must not seem to be the second's.
 */
static __always_inline void count_own(struct sock *sk, struct datagram_note *note, enum way way, __u32 bytes)
{
	struct flow_record record = { .kind = RECORD_UDP_END };
	struct socket_tuple tuple = {};

	read_own_tuple(&tuple, sk);
	if (note->first_ns && !same_peer(&note->tuple, tuple.remote_port, tuple.remote_addr)) {
		record.cookie = cookie_of(sk, note);
		read_datagram_note(&record, note);
		report_end(&record);
		note->incarnation++;
		note->first_ns = 0;
		note->tx_bytes = 0;
		note->rx_bytes = 0;
	}
	if (!note->first_ns) {
		note->first_ns = bpf_ktime_get_ns();
		note->netns = FIELD(sk, __sk_common.skc_net.net, ns.inum);
		__builtin_memcpy(&note->tuple, &tuple, sizeof(tuple));
	}
	count(&note->tx_bytes, &note->rx_bytes, &note->last_ns, way, bytes);
}

/* Whether the peer that a call named is the one that the socket is connected to: then it is the socket's own row. */
static __always_inline bool is_own_peer(const struct sock *sk, const struct flow_key *named)
{
	struct socket_tuple tuple = {};

	if (!is_connected(sk))
		return false;
	read_own_tuple(&tuple, sk);
	return same_peer(&tuple, named->remote_port, named->remote_addr);
}

/* Whether a datagram is held back (MSG_MORE, UDP_CORK), to which calls that follow append. */
static __always_inline bool is_corked(const struct sock *sk)
{
	return BPF_CORE_READ((const struct udp_sock *)sk, pending) != 0;
}

/* Whom a datagram that is put together by several calls is for was settled by the first: no name is read of the others. */
static __always_inline void follow_cork(struct sock *sk, struct datagram_note *note, struct flow_key *named)
{
	if (!named->family && note->corked.family)
		*named = note->corked;
	if (is_corked(sk))
		note->corked = *named;
	else
		note->corked.family = 0;
}

/* What a call returned, with the peer that it named (its family is 0: none). */
static __always_inline void account(struct sock *sk, struct datagram_note *note, struct flow_key *named, int length,
				    enum way way)
{
	struct flow *flow = 0;

	if (length < 0)
		return;
	if (way == SENT)
		follow_cork(sk, note, named);
	if (length == 0)
		return;
	note_datagram_owner(note);
	named->cookie = cookie_of(sk, note);
	if (named->family && !is_own_peer(sk, named))
		flow = find_or_make_flow(sk, named, note);
	if (flow)
		count(&flow->tx_bytes, &flow->rx_bytes, &flow->last_ns, way, length);
	else
		count_own(sk, note, way, length);
}

/* A UDP socket has no state whose change would tell of its end. */
static __always_inline void report_release(const struct datagram_note *note, __u64 cookie, __u32 bound_device)
{
	struct flow_record record = {
		.kind = RECORD_UDP_END,
		.cookie = cookie,
		.bound_device = bound_device,
		.released = 1,
	};

	read_datagram_note(&record, note);
	report_end(&record);
}

static __always_inline int write_flow(struct bpf_iter__bpf_map_elem *ctx)
{
	struct flow_record record = { .kind = RECORD_FLOW };
	const struct flow_key *key = ctx->key;
	const struct flow *flow = ctx->value;

	if (!key || !flow)
		return 0;
	record.netns = flow->netns;
	record.cookie = key->cookie;
	record.flow = flow->number;
	record.read_ns = bpf_ktime_get_ns();
	record.first_ns = flow->first_ns;
	record.last_ns = flow->last_ns;
	record.tx_bytes = flow->tx_bytes;
	record.rx_bytes = flow->rx_bytes;
	record.owner_pid = flow->owner_pid;
	record.owner_source = OWNER_IO;
	__builtin_memcpy(&record.tuple, &flow->tuple, sizeof(record.tuple));
	__builtin_memcpy(record.owner_comm, flow->owner_comm, sizeof(record.owner_comm));
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

#endif
