/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * The name that a call gives or got.
 */
#ifndef TCPTOP_MESSAGE_NAME_H
#define TCPTOP_MESSAGE_NAME_H

#include "kernel_access.h"
#include "read_datagrams.h"

/* include/uapi/linux/in.h and in6.h: where the addresses begin; family and port stand before them in both. */
#define IPV4_ADDRESS_AT 4
#define IPV6_ADDRESS_AT 8

struct address_head {
	__u16 family;
	__be16 port;
};

static __always_inline void read_name(struct flow_key *named, const struct msghdr *msg)
{
	const char *name = FIELD(msg, msg_name);
	struct address_head head = {};
	__be32 addr[4] = {};

	if (!name)
		return;
	bpf_probe_read_kernel(&head, sizeof(head), name);
	if (head.family == AF_INET6) {
		bpf_probe_read_kernel(addr, sizeof(addr), name + IPV6_ADDRESS_AT);
		set_peer_ipv6(named, addr, head.port);
	} else {
		/* AF_UNSPEC is taken for AF_INET by IPv4 sockets. */
		bpf_probe_read_kernel(addr, sizeof(addr[0]), name + IPV4_ADDRESS_AT);
		set_peer_ipv4(named, addr[0], head.port);
	}
}

#endif
