// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// UDP has no byte counters in the kernel: what send and receive calls return is counted here, for each peer.
//
// sock_send_length and sock_recv_length (6.3) have the real return values of every call, of io_uring and splice too, but
// not the peer of a socket that is not connected. The cgroup hooks see that, and only that: nothing of TCP, nothing of
// a packet, and no connected socket. What a task is about to send to is remembered until the length is known.
#include "kernel_types.h"
#include "maps.h"
#include "owner.h"
#include "read_datagrams.h"

#include <bpf/bpf_tracing.h>

extern datagram_notes_map datagram_notes SEC(".maps");
extern flows_map flows SEC(".maps");
extern pending_peers_map pending_peers SEC(".maps");
extern ring_map ring SEC(".maps");
extern losses_map losses SEC(".maps");

/* include/linux/socket.h */
#define MSG_PEEK 0x2
#define MSG_ERRQUEUE 0x2000

enum way {
	SENT,
	RECEIVED,
};

/* Numbers flows; 0 is no flow. */
__u64 flows_made;

/* Of two threads that send first on one socket, one finds the note not made and, at once, made: then it is there. */
static __always_inline struct datagram_note *datagram_note_or_new(struct sock *sk)
{
	struct datagram_note *note = bpf_sk_storage_get(&datagram_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	return note ? note : bpf_sk_storage_get(&datagram_notes, sk, 0, 0);
}

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
	task = bpf_get_current_task_btf();
	if (task->flags & PF_KTHREAD)
		return;
	note->owner_pid = task->tgid;
	read_process_name(note->owner_comm, task);
}

static __always_inline struct flow *find_or_make_flow(struct sock *sk, const struct flow_key *key,
						      const struct datagram_note *note)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, key);
	struct flow made = {};

	if (flow)
		return flow;
	made.number = __sync_fetch_and_add(&flows_made, 1) + 1;
	made.first_ns = bpf_ktime_get_ns();
	made.netns = sk->__sk_common.skc_net.net->ns.inum;
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
		record.cookie = bpf_get_socket_cookie(sk);
		read_datagram_note(&record, note);
		report_end(&record);
		note->incarnation++;
		note->first_ns = 0;
		note->tx_bytes = 0;
		note->rx_bytes = 0;
	}
	if (!note->first_ns) {
		note->first_ns = bpf_ktime_get_ns();
		note->netns = sk->__sk_common.skc_net.net->ns.inum;
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

/*
 * MSG_MORE and UDP_CORK hold a datagram back, and calls that follow append to it. Whom it is for was settled by the first:
 * of the others the kernel reads no name, and runs no hook.
 */
static __always_inline void follow_cork(struct sock *sk, struct datagram_note *note, struct flow_key *named)
{
	if (!named->family && note->corked.family)
		*named = note->corked;
	if (BPF_CORE_READ((struct udp_sock *)sk, pending))
		note->corked = *named;
	else
		note->corked.family = 0;
}

/* The peer that the current call named, once: `named` stays empty when it named none. */
static __always_inline void take_named_peer(struct flow_key *named, struct sock *sk, struct datagram_note *note)
{
	__u64 task = bpf_get_current_pid_tgid();
	struct flow_key *pending;

	if (note->naming_task == task) {
		*named = note->named;
		note->naming_task = 0;
		return;
	}
	if (!note->is_contended)
		return;
	pending = bpf_map_lookup_elem(&pending_peers, &task);
	if (!pending)
		return;
	if (pending->cookie == bpf_get_socket_cookie(sk))
		*named = *pending;
	bpf_map_delete_elem(&pending_peers, &task);
}

static __always_inline void account(struct sock *sk, int length, enum way way)
{
	struct datagram_note *note = datagram_note_or_new(sk);
	struct flow_key named = {};
	struct flow *flow = 0;

	if (!note)
		return;
	take_named_peer(&named, sk, note);
	if (length <= 0)
		return;
	note_datagram_owner(note);
	if (way == SENT)
		follow_cork(sk, note, &named);
	if (named.family && !is_own_peer(sk, &named))
		flow = find_or_make_flow(sk, &named, note);
	if (flow)
		count(&flow->tx_bytes, &flow->rx_bytes, &flow->last_ns, way, length);
	else
		count_own(sk, note, way, length);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(datagram_sent, struct sock *sk, int length, int flags)
{
	if (is_udp(sk))
		account(sk, length, SENT);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(datagram_received, struct sock *sk, int length, int flags)
{
	if (is_udp(sk))
		account(sk, flags & (MSG_PEEK | MSG_ERRQUEUE) ? 0 : length, RECEIVED);
	return 0;
}

/*
 * The place in the socket's note is three times cheaper than the map, whose entries come and go with each call. It has room
 * for one task: what threads do at once on one socket goes to the map.
 */
static __always_inline void remember_peer(struct bpf_sock_addr *ctx, struct flow_key *peer)
{
	__u64 task = bpf_get_current_pid_tgid();
	struct bpf_sock *sk = ctx->sk;
	struct datagram_note *note;
	__u64 holder;

	if (!sk)
		return;
	note = bpf_sk_storage_get(&datagram_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!note)
		note = bpf_sk_storage_get(&datagram_notes, sk, 0, 0);
	if (!note)
		return;
	peer->cookie = bpf_get_socket_cookie(ctx);
	holder = __sync_val_compare_and_swap(&note->naming_task, 0, task);
	if (holder == 0 || holder == task) {
		note->named = *peer;
		return;
	}
	note->is_contended = 1;
	bpf_map_update_elem(&pending_peers, &task, peer, BPF_ANY);
}

static __always_inline int remember_ipv4(struct bpf_sock_addr *ctx)
{
	struct flow_key peer = {};

	set_peer_ipv4(&peer, ctx->user_ip4, ctx->user_port);
	remember_peer(ctx, &peer);
	/* 1: let it pass. */
	return 1;
}

static __always_inline int remember_ipv6(struct bpf_sock_addr *ctx)
{
	__be32 addr[4] = { ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3] };
	struct flow_key peer = {};

	set_peer_ipv6(&peer, addr, ctx->user_port);
	remember_peer(ctx, &peer);
	return 1;
}

SEC("cgroup/sendmsg4")
int peer_of_send4(struct bpf_sock_addr *ctx)
{
	return remember_ipv4(ctx);
}

SEC("cgroup/sendmsg6")
int peer_of_send6(struct bpf_sock_addr *ctx)
{
	return remember_ipv6(ctx);
}

SEC("cgroup/recvmsg4")
int peer_of_receive4(struct bpf_sock_addr *ctx)
{
	return remember_ipv4(ctx);
}

SEC("cgroup/recvmsg6")
int peer_of_receive6(struct bpf_sock_addr *ctx)
{
	return remember_ipv6(ctx);
}

/* A UDP socket has no state whose change would tell of its end. */
SEC("cgroup/sock_release")
int udp_released(struct bpf_sock *sk)
{
	struct flow_record record = { .kind = RECORD_UDP_END, .released = 1 };
	struct datagram_note *note;

	if (sk->protocol != IPPROTO_UDP && sk->protocol != IPPROTO_UDPLITE)
		return 1;
	note = bpf_sk_storage_get(&datagram_notes, sk, 0, 0);
	if (!note)
		return 1;
	record.cookie = bpf_get_socket_cookie(sk);
	record.bound_device = sk->bound_dev_if;
	read_datagram_note(&record, note);
	report_end(&record);
	return 1;
}

/* Every flow of every socket. */
SEC("iter/bpf_map_elem")
int walk_flows(struct bpf_iter__bpf_map_elem *ctx)
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
