/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * From a UDP socket to records and keys.
 */
#ifndef TCPTOP_READ_DATAGRAMS_H
#define TCPTOP_READ_DATAGRAMS_H

#include "kernel_access.h"
#include "maps.h"

#include <bpf/bpf_endian.h>

static __always_inline bool is_udp(const struct sock *sk)
{
	__u16 family = FIELD(sk, __sk_common.skc_family);
	__u16 protocol = FIELD(sk, sk_protocol);

	return (family == AF_INET || family == AF_INET6) && (protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE);
}

/* RFC 4291, 2.5.5.2. */
static __always_inline bool is_ipv4_mapped(const __be32 addr[4])
{
	return addr[0] == 0 && addr[1] == 0 && addr[2] == bpf_htonl(0xffff);
}

static __always_inline void set_peer_ipv4(struct flow_key *key, __be32 addr, __be16 port)
{
	key->family = AF_INET;
	key->remote_port = bpf_ntohs(port);
	*(__be32 *)key->remote_addr = addr;
}

static __always_inline void set_peer_ipv6(struct flow_key *key, const __be32 addr[4], __be16 port)
{
	if (is_ipv4_mapped(addr)) {
		set_peer_ipv4(key, addr[3], port);
		return;
	}
	key->family = AF_INET6;
	key->remote_port = bpf_ntohs(port);
	__builtin_memcpy(key->remote_addr, addr, sizeof(key->remote_addr));
}

static __always_inline bool is_connected(const struct sock *sk)
{
	return FIELD(sk, __sk_common.skc_dport) != 0;
}

/* The key of the peer that the socket is connected to. */
static __always_inline void read_connected_peer(struct flow_key *key, const struct sock *sk)
{
	__be32 addr[4] = {};

	if (FIELD(sk, __sk_common.skc_family) == AF_INET) {
		set_peer_ipv4(key, FIELD(sk, __sk_common.skc_daddr), FIELD(sk, __sk_common.skc_dport));
		return;
	}
	bpf_probe_read_kernel(addr, sizeof(addr), &sk->__sk_common.skc_v6_daddr);
	set_peer_ipv6(key, addr, FIELD(sk, __sk_common.skc_dport));
}

/* This end, as the socket is bound, in the family of the peer: `::` is 0.0.0.0 to an IPv4 peer. */
static __always_inline void read_local(struct socket_tuple *tuple, const struct sock *sk, __u16 family)
{
	__be32 addr[4] = {};

	tuple->family = family;
	tuple->local_port = FIELD(sk, __sk_common.skc_num);
	if (FIELD(sk, __sk_common.skc_family) == AF_INET) {
		*(__be32 *)tuple->local_addr = FIELD(sk, __sk_common.skc_rcv_saddr);
		return;
	}
	bpf_probe_read_kernel(addr, sizeof(addr), &sk->__sk_common.skc_v6_rcv_saddr);
	if (family == AF_INET6)
		__builtin_memcpy(tuple->local_addr, addr, sizeof(tuple->local_addr));
	else if (is_ipv4_mapped(addr))
		*(__be32 *)tuple->local_addr = addr[3];
}

/* Both ends of the socket's own row: with the peer that it is connected to, or with none. */
static __always_inline void read_own_tuple(struct socket_tuple *tuple, const struct sock *sk)
{
	struct flow_key peer = { .family = FIELD(sk, __sk_common.skc_family) };

	if (is_connected(sk))
		read_connected_peer(&peer, sk);
	read_local(tuple, sk, peer.family);
	tuple->remote_port = peer.remote_port;
	__builtin_memcpy(tuple->remote_addr, peer.remote_addr, sizeof(tuple->remote_addr));
}

static __always_inline bool same_peer(const struct socket_tuple *tuple, __u16 port, const __u8 addr[16])
{
	const __u64 *a = (const __u64 *)tuple->remote_addr;
	const __u64 *b = (const __u64 *)addr;

	return tuple->remote_port == port && a[0] == b[0] && a[1] == b[1];
}

static __always_inline void read_datagram_note(struct flow_record *record, const struct datagram_note *note)
{
	record->incarnation = note->incarnation;
	record->first_ns = note->first_ns;
	record->last_ns = note->last_ns;
	record->tx_bytes = note->tx_bytes;
	record->rx_bytes = note->rx_bytes;
	record->netns = note->netns;
	record->owner_pid = note->owner_pid;
	record->owner_source = OWNER_IO;
	record->read_ns = bpf_ktime_get_ns();
	__builtin_memcpy(&record->tuple, &note->tuple, sizeof(record->tuple));
	__builtin_memcpy(record->owner_comm, note->owner_comm, sizeof(record->owner_comm));
}

static __always_inline __u32 read_drops(const struct sock *sk)
{
	struct numa_drop_counters *counters;

	if (bpf_core_field_exists(sk->sk_drop_counters)) {
		counters = FIELD(sk, sk_drop_counters);
		if (counters)
			return FIELD(counters, drops0.counter) + FIELD(counters, drops1.counter);
	}
	return FIELD(sk, sk_drops.counter);
}

#endif
