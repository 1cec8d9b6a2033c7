// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// TCP's calls, one by one, at the kernel's own functions: loaded only when somebody asks for events of calls. Totals of
// connections are never made of these, but of the socket's own counters: sendfile() before 6.5, splice() out of a socket,
// TCP_ZEROCOPY_RECEIVE, MPTCP and TLS in the kernel go other ways.
#include "count_calls.h"

#include <stddef.h>

#include <bpf/bpf_tracing.h>

SEC("fexit/tcp_sendmsg")
int BPF_PROG(tcp_sent, struct sock *sk, struct msghdr *msg, size_t size, int bytes)
{
	return count_call(sk, RECORD_SEND, bytes);
}

/* The arguments by kernel, as with UDP (datagram_functions.bpf.c). */
#define RECEIVE_PROGRAM(program, ...) \
	SEC("fexit/tcp_recvmsg") \
	int BPF_PROG(program, struct sock *sk, struct msghdr *msg, size_t len, __VA_ARGS__, int bytes) \
	{ \
		return count_call(sk, RECORD_RECEIVE, flags & (MSG_PEEK | MSG_ERRQUEUE) ? 0 : bytes); \
	}

RECEIVE_PROGRAM(tcp_received_with_noblock, int noblock, int flags, int *addr_len)
RECEIVE_PROGRAM(tcp_received_with_addr_len, int flags, int *addr_len)
RECEIVE_PROGRAM(tcp_received, int flags)

SEC("fexit/inet_csk_accept")
int BPF_PROG(tcp_accepted_with_flags, struct sock *sk, int flags, int *err, bool kern, struct sock *accepted)
{
	return note_acceptor(accepted);
}

/* From 6.10. */
SEC("fexit/inet_csk_accept")
int BPF_PROG(tcp_accepted, struct sock *sk, struct proto_accept_arg *arg, struct sock *accepted)
{
	return note_acceptor(accepted);
}
