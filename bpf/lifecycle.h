/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * The life of a TCP connection, from the kernel's own state changes: no program on the data path.
 */
#ifndef TCPTOP_LIFECYCLE_H
#define TCPTOP_LIFECYCLE_H

#include "kernel_access.h"
#include "maps.h"
#include "notes.h"
#include "owner.h"
#include "read_socket.h"
#include "report.h"

/* See maps.bpf.c. */
extern const volatile __u32 target_events;

static __always_inline bool wanted(__u8 kind)
{
	return target_events & (1 << kind);
}

/* A socket begins a connection: its first, or, after a disconnect through AF_UNSPEC, one more. */
static __always_inline void begin(struct connection_note *note, __u8 direction)
{
	__u32 incarnation = note->opened_ns || note->closed ? note->incarnation + 1 : note->incarnation;

	__builtin_memset(note, 0, sizeof(*note));
	note->incarnation = incarnation;
	note->direction = direction;
	note->opened_ns = bpf_ktime_get_ns();
}

static __always_inline void report_change(struct sock *sk, struct tcp_sock *tp, struct connection_note *note,
					  __u8 old_state, __u8 state, __u8 kind)
{
	struct connection_record record = {};

	if (!wanted(kind))
		return;
	read_socket(&record, sk, tp, note, state);
	record.old_state = old_state;
	report(&record, kind);
}

/*
 * The end, exactly once. A note says whether it was told already; a socket without one is told only by the state
 * change (`told_by_state`), for at its destruction nothing says that it was ever connected.
 */
static __always_inline void end(struct sock *sk, struct tcp_sock *tp, struct connection_note *note, __u8 old_state)
{
	struct connection_record record = {};

	if (note) {
		if (note->closed)
			return;
		/* Nobody has a dead socket any more: the kernel destroys it at once, in the same context. */
		if (is_closed_by_order(sk, old_state))
			note->destroyed_by_order = is_dead(sk);
		else
			note_context_owner(note, sk, OWNER_IO);
	}
	read_socket(&record, sk, tp, note, old_state);
	record.old_state = old_state;
	record.error = FIELD(sk, sk_err);
	if (note)
		note->closed = 1;
	/* No port: connect() found none free, and nothing left this host. */
	if (record.tuple.local_port == 0)
		return;
	report_close(&record, note);
}

/*
 * Half-open handshakes are not connections: LISTEN -> SYN_RECV is not taken (on 6.1 it even carries the listener's
 * cookie), a passive open is SYN_RECV -> anything. An active open is noted at SYN_SENT, where the caller of
 * connect() is current, and told at the next change: at SYN_SENT the local port is not chosen yet.
 */
static __always_inline int change_state(struct sock *sk, int old_state, int state)
{
	struct connection_note *note;
	struct tcp_sock *tp;

	/* It fires for MPTCP, DCCP and SCTP too. */
	if (FIELD(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	tp = tcp_sock_of(sk);
	if (!tp)
		return 0;
	if (state == TCP_SYN_RECV)
		return 0;

	if (state == TCP_CLOSE) {
		/* CLOSE to CLOSE: a bound socket that is torn down, or one whose end has been told. */
		if (old_state == TCP_SYN_RECV || old_state == TCP_CLOSE)
			return 0;
		end(sk, tp, note_of(sk), old_state);
		return 0;
	}
	note = note_or_new(sk);
	if (!note)
		return 0;
	if (state == TCP_SYN_SENT) {
		begin(note, DIRECTION_OUT);
		note_context_owner(note, sk, OWNER_CONNECT);
		return 0;
	}
	if (state == TCP_LISTEN) {
		begin(note, DIRECTION_UNKNOWN);
		note_context_owner(note, sk, OWNER_IO);
		return 0;
	}
	if (old_state == TCP_SYN_RECV) {
		/* But for a simultaneous open (RFC 9293, 3.5), and a socket that connects to itself: those began at SYN_SENT. */
		if (note->direction != DIRECTION_OUT || note->closed)
			begin(note, DIRECTION_IN);
		note->fin_queued = state == TCP_FIN_WAIT1;
		report_change(sk, tp, note, old_state, state, RECORD_OPEN);
		return 0;
	}
	if (state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK)
		note->fin_queued = 1;
	if (state != TCP_ESTABLISHED)
		note_context_owner(note, sk, OWNER_IO);
	report_change(sk, tp, note, old_state, state, old_state == TCP_SYN_SENT ? RECORD_OPEN : RECORD_STATE);
	return 0;
}

/* Whose connection it was that has been told as closed. In a frame of its own: the stack has no room for two records. */
static __always_inline void report_owner(struct sock *sk, const struct connection_note *note)
{
	struct connection_record record = { .state = TCP_CLOSE };

	record.cookie = cookie_of(sk, note);
	read_note(&record, note);
	report(&record, RECORD_OWNER);
}

/*
 * The second chance. A tracing program is skipped when it is already running on this CPU, and a packet can close
 * one connection while a process is in the middle of opening another: what the program missed is told here.
 * And a connection that a packet closed, or SOCK_DESTROY, may have no owner yet: whoever closes the socket now was it.
 */
static __always_inline int settle_destroyed(struct sock *sk)
{
	struct connection_note *note;
	struct tcp_sock *tp;

	if (FIELD(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	note = note_of(sk);
	tp = tcp_sock_of(sk);
	if (!note || !tp)
		return 0;
	if (!note->closed) {
		end(sk, tp, note, TCP_CLOSE);
		return 0;
	}
	if (!note->destroyed_by_order && note_context_owner(note, sk, OWNER_IO))
		report_owner(sk, note);
	return 0;
}

#endif
