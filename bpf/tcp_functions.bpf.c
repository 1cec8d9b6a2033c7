// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// TCP's calls, one by one, at the kernel's own functions: loaded only when somebody asks for events of calls. Totals of
// connections are never made of these, but of the socket's own counters: sendfile() before 6.5, splice() out of a socket,
// TCP_ZEROCOPY_RECEIVE, MPTCP and TLS in the kernel go other ways.
#include "kernel_types.h"
#include "maps.h"
#include "owner.h"
#include "read_socket.h"
#include "report.h"

#include <stddef.h>

#include <bpf/bpf_tracing.h>

extern notes_map notes SEC(".maps");
extern call_notes_map call_notes SEC(".maps");

/* Calls come faster than connections end: half of the ring is left to those. */
static __always_inline bool ring_has_room(void)
{
	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 2;
}

static __always_inline void report_call(struct call_record *record)
{
	struct ring_losses *lost;
	__u32 zero = 0;

	if (ring_has_room() && bpf_ringbuf_output(&ring, record, sizeof(*record), BPF_RB_NO_WAKEUP) == 0)
		return;
	lost = bpf_map_lookup_elem(&losses, &zero);
	if (lost)
		__sync_fetch_and_add(&lost->calls, 1);
}

/* A socket that connects anew begins at 0. */
static __always_inline struct call_note *call_note_of(struct sock *sk, __u32 incarnation)
{
	struct call_note *calls = bpf_sk_storage_get(&call_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	/* Another thread can have made it in between. */
	if (!calls)
		calls = bpf_sk_storage_get(&call_notes, sk, 0, 0);
	if (calls && calls->incarnation != incarnation) {
		__builtin_memset(&calls->totals, 0, sizeof(calls->totals));
		calls->incarnation = incarnation;
	}
	return calls;
}

static __always_inline int count_call(struct sock *sk, __u32 kind, int bytes)
{
	struct call_record record = { .kind = kind, .call_bytes = bytes };
	struct task_struct *task = bpf_get_current_task_btf();
	struct connection_note *note;
	struct call_note *calls;

	if (bytes <= 0)
		return 0;
	note = bpf_sk_storage_get(&notes, sk, 0, 0);
	record.incarnation = note ? note->incarnation : 0;
	calls = call_note_of(sk, record.incarnation);
	if (!calls)
		return 0;
	if (kind == RECORD_SEND) {
		__sync_fetch_and_add(&calls->totals.sends, 1);
		__sync_fetch_and_add(&calls->totals.sent_bytes, bytes);
	} else {
		__sync_fetch_and_add(&calls->totals.receives, 1);
		__sync_fetch_and_add(&calls->totals.received_bytes, bytes);
	}
	record.totals = calls->totals;
	record.cookie = bpf_get_socket_cookie(sk);
	record.time_ns = bpf_ktime_get_ns();
	record.pid = task->tgid;
	read_process_name(record.comm, task);
	report_call(&record);
	return 0;
}

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

/* A connection that comes in has no owner before somebody accepts it. */
static __always_inline int note_acceptor(struct sock *sk)
{
	struct connection_record record = {};
	struct connection_note *note;
	struct task_struct *task;

	if (!sk || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	note = bpf_sk_storage_get(&notes, sk, 0, 0);
	task = bpf_get_current_task_btf();
	if (!note || note->owner_pid || task->flags & PF_KTHREAD)
		return 0;
	note->owner_pid = task->tgid;
	note->owner_source = OWNER_ACCEPT;
	read_process_name(note->owner_comm, task);
	record.cookie = bpf_get_socket_cookie(sk);
	record.state = sk->__sk_common.skc_state;
	read_note(&record, note);
	report(&record, RECORD_OWNER);
	return 0;
}

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
