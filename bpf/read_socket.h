/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * From a socket to a record: every field of the kernel that is shown is read here, once.
 */
#ifndef TCPTOP_READ_SOCKET_H
#define TCPTOP_READ_SOCKET_H

#include "kernel_access.h"
#include "maps.h"
#include "notes.h"
#include "read_limits.h"

#include <bpf/bpf_endian.h>

struct tx_sequence {
	__u64 acked;
	__u32 una;
	__u32 nxt;
	__u32 write_seq;
};

/* Reads everything, then the first three again: false when the two disagree. */
static __always_inline bool try_tx_sequence(const struct tcp_sock *tp, struct tx_sequence *seq)
{
	seq->una = FIELD_ONCE(tp, snd_una);
	seq->acked = FIELD_ONCE(tp, bytes_acked);
	seq->nxt = FIELD_ONCE(tp, snd_nxt);
	seq->write_seq = FIELD_ONCE(tp, write_seq);
	return seq->acked == FIELD_ONCE(tp, bytes_acked) && seq->una == FIELD_ONCE(tp, snd_una) &&
	       seq->nxt == FIELD_ONCE(tp, snd_nxt);
}

/*
 * The walk holds no socket lock (a process can hold one for as long as it likes), and tcp_snd_una_update()
 * writes bytes_acked, then snd_una. Reading until two reads agree keeps the pair from two sides of an ACK.
 * No loop: clang enters its head by falling through, which the verifier takes for endless on 6.1.
 */
static __always_inline void read_tx_sequence(const struct tcp_sock *tp, struct tx_sequence *seq)
{
	(void)(try_tx_sequence(tp, seq) || try_tx_sequence(tp, seq) || try_tx_sequence(tp, seq) ||
	       try_tx_sequence(tp, seq));
}

/*
 * Our own FIN takes one sequence number, once it has left: it is the last before write_seq. The state CLOSE, from a
 * socket whose last change was missed, says nothing of it; its note does.
 */
static __always_inline bool fin_is_sent(const struct tx_sequence *seq, const struct connection_note *note, __u8 state)
{
	switch (state) {
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		return seq->nxt == seq->write_seq;
	case TCP_CLOSE:
		return note && note->fin_queued && seq->nxt == seq->write_seq;
	default:
		return false;
	}
}

/*
 * Which side opened a connection that is older than the programs. tcp_v4_syn_recv_sock() and tcp_v6_syn_recv_sock()
 * leave the device that the handshake came by in the new socket's multicast settings, which nothing else touches:
 * stream sockets may not set them. A socket that connected has 0 there.
 */
static __always_inline __u8 opened_by(const struct inet_sock *inet, __u16 family)
{
	if (FIELD(inet, mc_index))
		return DIRECTION_IN;
	if (family == AF_INET6 && bpf_core_field_exists(inet->pinet6) && FIELD(inet, pinet6, mcast_oif))
		return DIRECTION_IN;
	return DIRECTION_OUT;
}

/* What waits to be acknowledged, less our own SYN or FIN: there is at most one of them, and it is not acknowledged yet. */
static __always_inline __u32 unacked_bytes(const struct tx_sequence *seq, __u8 state)
{
	__u32 queued = seq->write_seq - seq->una;

	switch (state) {
	case TCP_SYN_SENT:
	case TCP_FIN_WAIT1:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		return queued ? queued - 1 : 0;
	default:
		return queued;
	}
}

/* What has not left yet, less our own FIN, which waits behind it. */
static __always_inline __u32 unsent_bytes(const struct tx_sequence *seq, __u8 state)
{
	__u32 unsent = seq->write_seq - seq->nxt;

	return unsent && state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT ? unsent - 1 : unsent;
}

/* Payload that left this host at least once: what was acknowledged and what is in flight, less SYN and FIN. */
static __always_inline void read_tx(struct connection_record *record, const struct tcp_sock *tp,
				    const struct connection_note *note, __u8 state)
{
	struct tx_sequence seq = {};
	__u64 sent;

	read_tx_sequence(tp, &seq);
	sent = seq.acked + (__u32)(seq.nxt - seq.una);
	if (sent && fin_is_sent(&seq, note, state))
		sent--;
	if (record->direction == DIRECTION_OUT && sent)
		sent--;
	record->tx_bytes = sent;
	record->send_queue = unacked_bytes(&seq, state);
	record->unsent = unsent_bytes(&seq, state);
}

/* Payload received in order. bytes_received counts the peer's FIN, and SOCK_DONE is set by nothing else. */
static __always_inline void read_rx(struct connection_record *record, const struct tcp_sock *tp, const struct sock *sk)
{
	__u64 received = FIELD(tp, bytes_received);
	__u32 queued = FIELD_ONCE(tp, rcv_nxt) - FIELD_ONCE(tp, copied_seq);

	if (FIELD(sk, __sk_common.skc_flags) & (1UL << bpf_core_enum_value(enum sock_flags, SOCK_DONE))) {
		record->flags |= PEER_FIN;
		if (received)
			received--;
		/* Until the reader has met the end of the file. */
		if ((__s32)queued > 0)
			queued--;
	}
	record->rx_bytes = received;
	/* copied_seq runs ahead for an instant while a reader copies. */
	record->recv_queue = (__s32)queued < 0 ? 0 : queued;
}

static __always_inline void read_tuple(struct socket_tuple *tuple, const struct tcp_sock *tp,
				       const struct sock *sk)
{
	tuple->family = FIELD(sk, __sk_common.skc_family);
	/* skc_num is already 0 when the state becomes CLOSE; inet_sport is not. */
	tuple->local_port = bpf_ntohs(FIELD(tp, inet_conn.icsk_inet.inet_sport));
	tuple->remote_port = bpf_ntohs(FIELD(sk, __sk_common.skc_dport));
	if (tuple->family == AF_INET) {
		*(__be32 *)tuple->local_addr = FIELD(sk, __sk_common.skc_rcv_saddr);
		*(__be32 *)tuple->remote_addr = FIELD(sk, __sk_common.skc_daddr);
	} else if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) {
		bpf_probe_read_kernel(tuple->local_addr, sizeof(tuple->local_addr),
				      &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(tuple->remote_addr, sizeof(tuple->remote_addr),
				      &sk->__sk_common.skc_v6_daddr);
	}
}

/*
 * The device that segments come by: the kernel keeps it with the route that it found for them, and gives both up when one
 * comes by another (tcp_v4_do_rcv). TCP only.
 */
static __always_inline __u32 receiving_device(const struct sock *sk, const struct tcp_sock *tp)
{
	if (bpf_core_field_exists(sk->sk_rx_dst_ifindex))
		return FIELD(sk, sk_rx_dst_ifindex);
	return BPF_CORE_READ((const struct inet_sock___pre517 *)tp, rx_dst_ifindex);
}

static __always_inline void read_path(struct connection_record *record, const struct tcp_sock *tp)
{
	record->retrans_bytes = FIELD(tp, bytes_retrans);
	record->total_retrans = FIELD(tp, total_retrans);
	record->srtt_eighth_us = FIELD(tp, srtt_us);
	record->mdev_quarter_us = FIELD(tp, mdev_us);
	record->min_rtt_us = FIELD(tp, rtt_min.s[0].v);
	record->snd_cwnd = FIELD(tp, snd_cwnd);
	record->mss = FIELD(tp, mss_cache);
	record->rate_delivered = FIELD(tp, rate_delivered);
	record->rate_interval_us = FIELD(tp, rate_interval_us);
}

static __always_inline void read_note(struct connection_record *record, const struct connection_note *note)
{
	record->opened_ns = note->opened_ns;
	record->incarnation = note->incarnation;
	record->direction = note->direction;
	record->owner_pid = note->owner_pid;
	record->owner_source = note->owner_source;
	__builtin_memcpy(record->owner_comm, note->owner_comm, sizeof(record->owner_comm));
}

/* Processes hold the MPTCP socket, never its subflows (Go listens with MPTCP since 1.24). */
static __always_inline __u64 holder_cookie(const struct tcp_sock *tp, __u64 cookie)
{
	struct mptcp_subflow_context *subflow;
	struct sock *holder;
	__u64 held;

	if (!bpf_core_field_exists(tp->is_mptcp) || !FIELD(tp, is_mptcp))
		return cookie;
	subflow = FIELD(tp, inet_conn.icsk_ulp_data);
	holder = BPF_CORE_READ(subflow, conn);
	held = holder ? cookie_without_note(holder) : 0;
	/* The walk over files asks for it when it meets it. */
	return held ? held : cookie;
}

/*
 * Fills a zeroed record. `state` is the state that the counters belong to: at the transition to CLOSE, the one
 * that is left. `note` may be missing: then the connection is taken for one that is older than the programs.
 */
static __always_inline void read_socket(struct connection_record *record, struct sock *sk, struct tcp_sock *tp,
					const struct connection_note *note, __u8 state)
{
	record->cookie = cookie_of(sk, note);
	record->holder_cookie = holder_cookie(tp, record->cookie);
	record->read_ns = bpf_ktime_get_ns();
	record->netns = FIELD(sk, __sk_common.skc_net.net, ns.inum);
	record->state = state;
	record->bound_device = FIELD(sk, __sk_common.skc_bound_dev_if);
	record->receiving_device = receiving_device(sk, tp);
	if (note)
		read_note(record, note);
	read_tuple(&record->tuple, tp, sk);
	if (state == TCP_LISTEN) {
		record->accept_queue = FIELD(sk, sk_ack_backlog);
		record->accept_limit = FIELD(sk, sk_max_ack_backlog);
		return;
	}
	if (record->direction == DIRECTION_UNKNOWN)
		record->direction = opened_by(&tp->inet_conn.icsk_inet, record->tuple.family);
	read_tx(record, tp, note, state);
	read_rx(record, tp, sk);
	read_path(record, tp);
	if (state != TCP_SYN_SENT)
		read_limits(record, tp, sk);
}

#endif
