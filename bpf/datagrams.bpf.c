// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// Datagrams counted at tracepoints: sock_send_length and sock_recv_length (6.3) have the real return values of every call,
// of io_uring and splice too, but not the peer of a socket that is not connected. The cgroup hooks see that, and only that:
// nothing of TCP, nothing of a packet, and no connected socket. What a task is about to send to is remembered until the
// length is known.
#include "account_call.h"

#include <bpf/bpf_tracing.h>

SEC("tp_btf/sock_send_length")
int BPF_PROG(datagram_sent, struct sock *sk, int length, int flags)
{
	if (is_udp(sk))
		account_call(sk, length, SENT);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(datagram_received, struct sock *sk, int length, int flags)
{
	if (is_udp(sk))
		account_call(sk, consumed(length, flags), RECEIVED);
	return 0;
}

static __always_inline void remember_peer(struct bpf_sock_addr *ctx, struct flow_key *peer)
{
	struct bpf_sock *sk = ctx->sk;
	struct datagram_note *note;

	if (!sk)
		return;
	note = bpf_sk_storage_get(&datagram_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!note)
		note = bpf_sk_storage_get(&datagram_notes, sk, 0, 0);
	if (!note)
		return;
	peer->cookie = bpf_get_socket_cookie(ctx);
	remember_named_peer(note, peer);
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

SEC("cgroup/sock_release")
int udp_released(struct bpf_sock *sk)
{
	struct datagram_note *note;

	if (sk->protocol != IPPROTO_UDP && sk->protocol != IPPROTO_UDPLITE)
		return 1;
	note = bpf_sk_storage_get(&datagram_notes, sk, 0, 0);
	if (note)
		report_release(note, bpf_get_socket_cookie(sk), sk->bound_dev_if);
	return 1;
}

/* Every flow of every socket. */
SEC("iter/bpf_map_elem")
int walk_flows(struct bpf_iter__bpf_map_elem *ctx)
{
	return write_flow(ctx);
}
