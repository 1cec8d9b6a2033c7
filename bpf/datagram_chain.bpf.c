// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// The programs of sock_send_length and sock_recv_length, several times over. The kernel skips a program for one task while
// another is preempted inside of it on that CPU, which can be for as long as others want the CPU. From Linux 7 on tracepoints
// can be preempted; disabling preemption in a program only puts it off to where it is enabled, still inside.
// So each call has several chances: the first program of the chain that runs counts it, and leaves word for the task. A call is
// lost only if as many tasks are preempted in the chain at once, each in another program, as it has.
#include "account_call.h"

#include <bpf/bpf_tracing.h>

extern chain_places_map chain_places SEC(".maps");
extern chain_occupancies_map chain_occupancies SEC(".maps");
extern full_chains_map full_chains SEC(".maps");

/*
 * Whether no program before this one ran for the call. Each runs once a call, in the chain's order: what was left by this
 * program or a later one is of a call before. What an earlier one left is too, where the rest was skipped for the call before, and
 * all up to that one for this call: that call is lost.
 */
static __always_inline bool is_first_to_run(struct sock *sk, enum way way, __u32 link)
{
	struct chain_places *places = bpf_task_storage_get(&chain_places, bpf_get_current_task_btf(), 0,
							   BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct chain_place *place;
	bool is_first;

	/* Counting without leaving word would count again. */
	if (!places)
		return false;
	place = way == SENT ? &places->sent : &places->received;
	is_first = place->socket != (__u64)sk || place->link >= link;
	place->socket = (__u64)sk;
	place->link = link;
	return is_first;
}

/* CHAIN_LINKS bytes, all 1. */
#define ALL_INSIDE 0x01010101

static __always_inline void count_full(enum way way)
{
	__u32 zero = 0;
	struct full_chains *full = bpf_map_lookup_elem(&full_chains, &zero);

	if (full)
		__sync_fetch_and_add(way == SENT ? &full->sent : &full->received, 1);
}

/*
 * What comes while all programs of a chain have a task inside is lost: whoever enters the last one counts that. Only one task at a
 * time is in a program on a CPU, and it leaves it on that CPU: no need for atomic instructions. Who is preempted in the few
 * instructions before enter() and after leave() is not seen.
 */
static __always_inline void enter(struct chain_occupancy *occupancy, enum way way, __u32 link)
{
	occupancy->inside[way][link - 1] = 1;
	barrier();
	if (*(volatile __u32 *)occupancy->inside[way] == ALL_INSIDE)
		count_full(way);
}

static __always_inline void leave(struct chain_occupancy *occupancy, enum way way, __u32 link)
{
	barrier();
	occupancy->inside[way][link - 1] = 0;
}

static __always_inline void run_link(struct sock *sk, int length, enum way way, __u32 link)
{
	__u32 zero = 0;
	struct chain_occupancy *occupancy = bpf_map_lookup_elem(&chain_occupancies, &zero);

	if (!occupancy)
		return;
	enter(occupancy, way, link);
	if (is_udp(sk) && is_first_to_run(sk, way, link))
		account_call(sk, length, way);
	leave(occupancy, way, link);
}

#define LINK(link) \
	SEC("tp_btf/sock_send_length") \
	int BPF_PROG(datagram_sent_##link, struct sock *sk, int length, int flags) \
	{ \
		run_link(sk, length, SENT, link); \
		return 0; \
	} \
	SEC("tp_btf/sock_recv_length") \
	int BPF_PROG(datagram_received_##link, struct sock *sk, int length, int flags) \
	{ \
		run_link(sk, consumed(length, flags), RECEIVED, link); \
		return 0; \
	}

/* CHAIN_LINKS of them. */
LINK(1)
LINK(2)
LINK(3)
LINK(4)
