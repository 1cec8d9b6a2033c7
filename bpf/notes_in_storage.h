/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Notes that live and die with their sockets, and the kernel's own cookies for names: what tracing programs may use from
 * 5.12 on.
 */
#ifndef TCPTOP_NOTES_IN_STORAGE_H
#define TCPTOP_NOTES_IN_STORAGE_H

#include "kernel_access.h"
#include "maps.h"

extern notes_map notes SEC(".maps");
extern datagram_notes_map datagram_notes SEC(".maps");
extern call_notes_map call_notes SEC(".maps");

extern __u64 flows_made;

#define cookie_of(sk, note) bpf_get_socket_cookie(sk)

/* No helper that tracing programs may call leads to it. 0 until somebody has asked for it. */
static __always_inline __u64 cookie_without_note(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
}

static __always_inline struct connection_note *note_of(struct sock *sk)
{
	return bpf_sk_storage_get(&notes, sk, 0, 0);
}

static __always_inline struct connection_note *note_or_new(struct sock *sk)
{
	struct connection_note *note = bpf_sk_storage_get(&notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	/* A walk on another CPU can have made it in between. */
	return note ? note : note_of(sk);
}

/* Of two threads that send first on one socket, one finds the note not made and, at once, made: then it is there. */
static __always_inline struct datagram_note *datagram_note_or_new(struct sock *sk)
{
	struct datagram_note *note = bpf_sk_storage_get(&datagram_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	return note ? note : bpf_sk_storage_get(&datagram_notes, sk, 0, 0);
}

static __always_inline struct call_note *call_note_of(struct sock *sk)
{
	struct call_note *calls = bpf_sk_storage_get(&call_notes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	/* Another thread can have made it in between. */
	return calls ? calls : bpf_sk_storage_get(&call_notes, sk, 0, 0);
}

/* From 1 on. */
static __always_inline __u64 next_flow_number(void)
{
	return __sync_fetch_and_add(&flows_made, 1) + 1;
}

/* The kernel does it. */
static __always_inline void forget_note(struct sock *sk)
{
}

/* What is read of a socket that has its note is of this socket. */
static __always_inline bool is_still(struct sock *sk, const void *note)
{
	return true;
}

#endif
