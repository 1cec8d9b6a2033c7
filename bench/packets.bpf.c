// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// What tcptop does not do, to measure it: count UDP for each peer in packets, at the root cgroup. The least that it would
// take: the same key and the same counters as bpf/datagrams.bpf.c has. It counts on the wire, before the receive
// buffer, so its numbers are not those of the application either.
#include "kernel_types.h"
#include "maps.h"
#include "read_datagrams.h"

extern flows_map flows SEC(".maps");

/* include/uapi/linux/if_ether.h, in network order as in skb->protocol */
#define ETH_P_IP 0x0800
#define IPV4_HEADER_BYTES 20
#define IPV6_HEADER_BYTES 40
#define UDP_HEADER_BYTES 8

struct udp_packet {
	struct flow_key key;
	__u32 payload_bytes;
};

/* The peer is the destination of what leaves, the source of what comes; without IPv6 extension headers and IPv4 options. */
static __always_inline bool read_packet(struct udp_packet *packet, struct __sk_buff *skb, bool leaves)
{
	__u32 ip_bytes = skb->protocol == bpf_htons(ETH_P_IP) ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
	__be32 addr[4] = {};
	__be16 ports[2];
	__u8 protocol;

	if (bpf_skb_load_bytes(skb, ip_bytes == IPV4_HEADER_BYTES ? 9 : 6, &protocol, sizeof(protocol)) ||
	    protocol != IPPROTO_UDP || bpf_skb_load_bytes(skb, ip_bytes, ports, sizeof(ports)))
		return false;
	if (ip_bytes == IPV4_HEADER_BYTES) {
		if (bpf_skb_load_bytes(skb, leaves ? 16 : 12, addr, 4))
			return false;
		set_peer_ipv4(&packet->key, addr[0], ports[leaves]);
	} else {
		if (bpf_skb_load_bytes(skb, leaves ? 24 : 8, addr, sizeof(addr)))
			return false;
		set_peer_ipv6(&packet->key, addr, ports[leaves]);
	}
	packet->key.cookie = bpf_get_socket_cookie(skb);
	packet->payload_bytes = skb->len - ip_bytes - UDP_HEADER_BYTES;
	return true;
}

static __always_inline int count_packet(struct __sk_buff *skb, bool leaves)
{
	struct udp_packet packet = {};
	struct flow made = {};
	struct flow *flow;

	if (!read_packet(&packet, skb, leaves))
		return 1;
	flow = bpf_map_lookup_elem(&flows, &packet.key);
	if (!flow) {
		made.first_ns = bpf_ktime_get_ns();
		bpf_map_update_elem(&flows, &packet.key, &made, BPF_NOEXIST);
		flow = bpf_map_lookup_elem(&flows, &packet.key);
	}
	if (flow) {
		__sync_fetch_and_add(leaves ? &flow->tx_bytes : &flow->rx_bytes, packet.payload_bytes);
		flow->last_ns = bpf_ktime_get_ns();
	}
	/* 1: let it pass. */
	return 1;
}

SEC("cgroup_skb/egress")
int packet_leaves(struct __sk_buff *skb)
{
	return count_packet(skb, true);
}

SEC("cgroup_skb/ingress")
int packet_comes(struct __sk_buff *skb)
{
	return count_packet(skb, false);
}
