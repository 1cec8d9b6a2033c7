/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * The peer that a call names, between two hooks.
 */
#ifndef TCPTOP_NAMED_PEER_H
#define TCPTOP_NAMED_PEER_H

#include "kernel_access.h"
#include "maps.h"

extern pending_peers_map pending_peers SEC(".maps");

/*
 * Keeps whom the current call names until its length is known. The place in the socket's note is three times cheaper than
 * the map, whose entries come and go with each call. It has room for one task: what threads do at once on one socket goes
 * to the map.
 */
static __always_inline void remember_named_peer(struct datagram_note *note, const struct flow_key *peer)
{
	__u64 task = bpf_get_current_pid_tgid();
	__u64 holder = __sync_val_compare_and_swap(&note->naming_task, 0, task);

	if (holder == 0 || holder == task) {
		note->named = *peer;
		return;
	}
	note->is_contended = 1;
	bpf_map_update_elem(&pending_peers, &task, peer, BPF_ANY);
}

/* The peer that was kept for the current call, once: false when none was, and `named` is left as it is. */
static __always_inline bool take_named_peer(struct flow_key *named, struct sock *sk, struct datagram_note *note)
{
	__u64 task = bpf_get_current_pid_tgid();
	struct flow_key *pending;
	bool is_ours;

	if (note->naming_task == task) {
		*named = note->named;
		note->naming_task = 0;
		return true;
	}
	if (!note->is_contended)
		return false;
	pending = bpf_map_lookup_elem(&pending_peers, &task);
	if (!pending)
		return false;
	is_ours = pending->cookie == bpf_get_socket_cookie(sk);
	if (is_ours)
		*named = *pending;
	bpf_map_delete_elem(&pending_peers, &task);
	return is_ours;
}

#endif
