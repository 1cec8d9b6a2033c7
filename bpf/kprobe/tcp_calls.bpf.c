// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// TCP's calls, one by one, as in ../tcp_functions.bpf.c: loaded only when somebody asks for events of calls.
#include "calls.h"
#include "count_calls.h"

static __always_inline int begin_tcp_call(enum probed_function function, __u64 socket, __u32 flags)
{
	struct call_arguments arguments = { .socket = socket, .flags = flags };

	begin_call(function, &arguments);
	return 0;
}

static __always_inline int end_tcp_call(enum probed_function function, __u32 kind, int bytes)
{
	struct call_arguments arguments = {};

	if (!end_call(function, &arguments) || arguments.flags & (MSG_PEEK | MSG_ERRQUEUE))
		return 0;
	return count_call((struct sock *)arguments.socket, kind, bytes);
}

SEC("kprobe/tcp_sendmsg")
int tcp_send_begins(__u64 *registers)
{
	return begin_tcp_call(TCP_SEND, ARGUMENT_1(registers), 0);
}

SEC("kretprobe/tcp_sendmsg")
int tcp_sent(__u64 *registers)
{
	return end_tcp_call(TCP_SEND, RECORD_SEND, (int)RESULT(registers));
}

/* Before 5.19 `nonblock` stood before `flags`: user space chooses by the names in BTF. */
SEC("kprobe/tcp_recvmsg")
int tcp_receive_with_nonblock_begins(__u64 *registers)
{
	return begin_tcp_call(TCP_RECEIVE, ARGUMENT_1(registers), (__u32)ARGUMENT_5(registers));
}

SEC("kprobe/tcp_recvmsg")
int tcp_receive_begins(__u64 *registers)
{
	return begin_tcp_call(TCP_RECEIVE, ARGUMENT_1(registers), (__u32)ARGUMENT_4(registers));
}

SEC("kretprobe/tcp_recvmsg")
int tcp_received(__u64 *registers)
{
	return end_tcp_call(TCP_RECEIVE, RECORD_RECEIVE, (int)RESULT(registers));
}

SEC("kretprobe/inet_csk_accept")
int tcp_accepted(__u64 *registers)
{
	return note_acceptor((struct sock *)RESULT(registers));
}
