// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// Datagrams counted at the kernel's own functions: the length that a call returns and the name that it gave or got are in
// one place, so there is nothing to remember between two hooks, and no cgroup to attach to.
#include "count_datagrams.h"
#include "message_name.h"
#include "named_peer.h"

#include <stddef.h>

#include <bpf/bpf_tracing.h>

/* The kernel reads no name of a call that appends to a datagram; at its end the datagram may have left. */
static __always_inline int begin_send(struct sock *sk)
{
	struct datagram_note *note;

	if (!is_corked(sk))
		return 0;
	note = datagram_note_or_new(sk);
	if (note)
		note->appends = 1;
	return 0;
}

SEC("fentry/udp_sendmsg")
int BPF_PROG(udp_send_begins, struct sock *sk)
{
	return begin_send(sk);
}

SEC("fentry/udpv6_sendmsg")
int BPF_PROG(udpv6_send_begins, struct sock *sk)
{
	return begin_send(sk);
}

static __always_inline void end_send(struct sock *sk, struct datagram_note *note, struct flow_key *named, int length)
{
	if (note->appends)
		named->family = 0;
	else
		note->corked.family = 0;
	note->appends = 0;
	account(sk, note, named, length, SENT);
}

/*
 * udpv6_sendmsg() hands what goes to an IPv4 peer to udp_sendmsg(), with the peer in IPv4 as its name, and on some kernels
 * leaves that name, which was on its stack, in the message: so the peer is taken here, and the call counted at its end.
 */
SEC("fexit/udp_sendmsg")
int BPF_PROG(udp_sent, struct sock *sk, struct msghdr *msg, size_t len, int length)
{
	struct datagram_note *note = datagram_note_or_new(sk);
	struct flow_key named = {};

	if (!note)
		return 0;
	read_name(&named, msg);
	if (sk->__sk_common.skc_family == AF_INET) {
		end_send(sk, note, &named, length);
		return 0;
	}
	named.cookie = bpf_get_socket_cookie(sk);
	remember_named_peer(note, &named);
	return 0;
}

SEC("fexit/udpv6_sendmsg")
int BPF_PROG(udpv6_sent, struct sock *sk, struct msghdr *msg, size_t len, int length)
{
	struct datagram_note *note = datagram_note_or_new(sk);
	struct flow_key named = {};

	if (!note)
		return 0;
	if (!take_named_peer(&named, sk, note) && length >= 0)
		read_name(&named, msg);
	end_send(sk, note, &named, length);
	return 0;
}

/*
 * Before 6.5 sendfile() and splice() gave IPv4 sockets pages, past udp_sendmsg(). Each page is appended to a datagram that
 * is held back; where the device can't have pages, the kernel copies, with udp_sendmsg(), and this function returns an error.
 */
SEC("fexit/ip_append_page")
int BPF_PROG(udp_page_sent, struct sock *sk, struct flowi4 *fl4, struct page *page, int offset, size_t size, int flags,
	     int error)
{
	struct datagram_note *note;
	struct flow_key named = {};

	if (error || !is_udp(sk))
		return 0;
	note = datagram_note_or_new(sk);
	if (note)
		account(sk, note, &named, size, SENT);
	return 0;
}

static __always_inline int end_receive(struct sock *sk, const struct msghdr *msg, int flags, int length)
{
	struct datagram_note *note;
	struct flow_key named = {};

	if (length <= 0 || flags & (MSG_PEEK | MSG_ERRQUEUE))
		return 0;
	note = datagram_note_or_new(sk);
	if (!note)
		return 0;
	read_name(&named, msg);
	account(sk, note, &named, length, RECEIVED);
	return 0;
}

/*
 * The arguments of the receive functions, by kernel: user space chooses by their names in BTF. `noblock` went in 5.19,
 * `addr_len` after 6.18.
 */
#define RECEIVE_PROGRAM(program, function, ...) \
	SEC("fexit/" #function) \
	int BPF_PROG(program, struct sock *sk, struct msghdr *msg, size_t len, __VA_ARGS__, int length) \
	{ \
		return end_receive(sk, msg, flags, length); \
	}

RECEIVE_PROGRAM(udp_received_with_noblock, udp_recvmsg, int noblock, int flags, int *addr_len)
RECEIVE_PROGRAM(udp_received_with_addr_len, udp_recvmsg, int flags, int *addr_len)
RECEIVE_PROGRAM(udp_received, udp_recvmsg, int flags)
RECEIVE_PROGRAM(udpv6_received_with_noblock, udpv6_recvmsg, int noblock, int flags, int *addr_len)
RECEIVE_PROGRAM(udpv6_received_with_addr_len, udpv6_recvmsg, int flags, int *addr_len)
RECEIVE_PROGRAM(udpv6_received, udpv6_recvmsg, int flags)

/* Where a socket ends, whichever way it is closed. */
static __always_inline int release(struct sock *sk)
{
	struct datagram_note *note = bpf_sk_storage_get(&datagram_notes, sk, 0, 0);

	if (note)
		report_release(note, bpf_get_socket_cookie(sk), sk->__sk_common.skc_bound_dev_if);
	return 0;
}

SEC("fentry/udp_destroy_sock")
int BPF_PROG(udp_destroyed, struct sock *sk)
{
	return release(sk);
}

SEC("fentry/udpv6_destroy_sock")
int BPF_PROG(udpv6_destroyed, struct sock *sk)
{
	return release(sk);
}
