/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Notes in a hash, by the socket's address: kprobes have no socket storage. The next socket may get the same address, so a
 * note goes when its socket does, and is never taken for another's: the kernel's cookies tell them apart.
 *
 * A cookie is 0 until somebody asks the kernel for it, which kprobes can't. So programs of cgroups, which may, ask for the
 * cookie of each socket that is made (cookies.bpf.c), and user space asks for those of older ones. Where a socket has none
 * nevertheless, it gets a number of our own.
 */
#ifndef TCPTOP_NOTES_BY_ADDRESS_H
#define TCPTOP_NOTES_BY_ADDRESS_H

#include "kernel_access.h"
#include "maps.h"
#include "unique_number.h"

extern notes_map notes SEC(".maps");
extern datagram_notes_map datagram_notes SEC(".maps");
extern tracking_losses_map tracking_losses SEC(".maps");

/* Above any cookie but those of nested namespaces, which count down from 2^64, and still exact as a JavaScript number. */
#define OWN_NUMBERS (1ULL << 52)

static __always_inline __u64 kernel_cookie(const struct sock *sk)
{
	return FIELD(sk, __sk_common.skc_cookie.counter);
}

/* Identities stand before their notes: see struct tracked_connection. */
static __always_inline struct socket_identity *identity_of(const void *note)
{
	return (struct socket_identity *)(note - sizeof(struct socket_identity));
}

static __always_inline struct tracked_connection *tracked_of(struct connection_note *note)
{
	return (struct tracked_connection *)identity_of(note);
}

/* For want of a note to keep a number in: the address, made unrecognisable, while the socket is there. */
static __always_inline __u64 name_by_address(const struct sock *sk)
{
	return OWN_NUMBERS | ((__u64)sk * 0x9e3779b97f4a7c15ULL) >> 12;
}

/* What names the socket; settled when it is first asked for. */
static __always_inline __u64 cookie_of(const struct sock *sk, const void *note)
{
	__u64 cookie = kernel_cookie(sk);
	struct socket_identity *identity;

	if (!note)
		return cookie ? cookie : name_by_address(sk);
	identity = identity_of(note);
	if (!identity->name)
		identity->name = cookie ? cookie : OWN_NUMBERS | unique_number();
	return identity->name;
}

/* Of a socket that is no TCP or UDP socket, and has no note. */
static __always_inline __u64 cookie_without_note(const struct sock *sk)
{
	return cookie_of(sk, 0);
}

/* Whether the socket that is at this address now is the one that the note was made for. */
static __always_inline bool is_still(const struct sock *sk, const void *note)
{
	struct socket_identity *identity = identity_of(note);
	__u64 cookie = kernel_cookie(sk);

	/* Somebody may have asked for it since. */
	if (!identity->kernel_cookie)
		identity->kernel_cookie = cookie;
	return identity->kernel_cookie == cookie;
}

static __always_inline struct tracking_losses *losses_of_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&tracking_losses, &zero);
}

static __always_inline void count_refused_note(void)
{
	struct tracking_losses *lost = losses_of_cpu();

	if (lost)
		__sync_fetch_and_add(&lost->refused_notes, 1);
}

/* A socket ended and nobody was told. */
static __always_inline void count_stale_note(void)
{
	struct tracking_losses *lost = losses_of_cpu();

	if (lost)
		__sync_fetch_and_add(&lost->stale_notes, 1);
}

static __always_inline struct connection_note *note_of(struct sock *sk)
{
	__u64 address = (__u64)sk;
	struct tracked_connection *tracked = bpf_map_lookup_elem(&notes, &address);

	return tracked && is_still(sk, &tracked->note) ? &tracked->note : 0;
}

static __always_inline void forget_note(struct sock *sk)
{
	__u64 address = (__u64)sk;

	bpf_map_delete_elem(&notes, &address);
}

static __always_inline struct connection_note *note_or_new(struct sock *sk)
{
	static const struct tracked_connection none = {};
	__u64 address = (__u64)sk;
	struct tracked_connection *tracked = bpf_map_lookup_elem(&notes, &address);

	if (tracked) {
		if (is_still(sk, &tracked->note))
			return &tracked->note;
		if (!tracked->note.closed)
			count_stale_note();
		bpf_map_delete_elem(&notes, &address);
	}
	/* BPF_NOEXIST: a walk on another CPU can have made it in between. */
	bpf_map_update_elem(&notes, &address, &none, BPF_NOEXIST);
	tracked = bpf_map_lookup_elem(&notes, &address);
	if (!tracked) {
		count_refused_note();
		return 0;
	}
	tracked->identity.kernel_cookie = kernel_cookie(sk);
	return &tracked->note;
}

static __always_inline struct call_note *call_note_of(struct sock *sk)
{
	struct connection_note *note = note_or_new(sk);

	return note ? &tracked_of(note)->calls : 0;
}

static __always_inline struct datagram_note *datagram_note_of(struct sock *sk)
{
	__u64 address = (__u64)sk;
	struct tracked_datagrams *tracked = bpf_map_lookup_elem(&datagram_notes, &address);

	return tracked && is_still(sk, &tracked->note) ? &tracked->note : 0;
}

static __always_inline void forget_datagram_note(struct sock *sk)
{
	__u64 address = (__u64)sk;

	bpf_map_delete_elem(&datagram_notes, &address);
}

static __always_inline struct datagram_note *datagram_note_or_new(struct sock *sk)
{
	static const struct tracked_datagrams none = {};
	__u64 address = (__u64)sk;
	struct tracked_datagrams *tracked = bpf_map_lookup_elem(&datagram_notes, &address);

	if (tracked) {
		if (is_still(sk, &tracked->note))
			return &tracked->note;
		count_stale_note();
		bpf_map_delete_elem(&datagram_notes, &address);
	}
	/* BPF_NOEXIST: of two threads that send first on one socket, one finds it made. */
	bpf_map_update_elem(&datagram_notes, &address, &none, BPF_NOEXIST);
	tracked = bpf_map_lookup_elem(&datagram_notes, &address);
	if (!tracked) {
		count_refused_note();
		return 0;
	}
	tracked->identity.kernel_cookie = kernel_cookie(sk);
	return &tracked->note;
}

static __always_inline __u64 next_flow_number(void)
{
	return unique_number();
}

#endif
