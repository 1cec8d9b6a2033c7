/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * What a call returned, as the tracepoints of send and receive calls tell it; the cgroup hooks have kept the peer.
 */
#ifndef TCPTOP_ACCOUNT_CALL_H
#define TCPTOP_ACCOUNT_CALL_H

#include "count_datagrams.h"
#include "named_peer.h"

static __always_inline void account_call(struct sock *sk, int length, enum way way)
{
	struct datagram_note *note = datagram_note_or_new(sk);
	struct flow_key named = {};

	if (!note)
		return;
	take_named_peer(&named, sk, note);
	account(sk, note, &named, length, way);
}

/* What a receive call took out of the socket. */
static __always_inline int consumed(int length, int flags)
{
	return flags & (MSG_PEEK | MSG_ERRQUEUE) ? 0 : length;
}

#endif
