// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// Datagrams counted at the kernel's own functions, where programs can't be had that see arguments and result at once.
#include "calls.h"
#include "count_datagrams.h"
#include "message_name.h"

#include <stddef.h>

extern datagram_runs_map datagram_runs SEC(".maps");

static __always_inline struct datagram_runs *runs_of_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&datagram_runs, &zero);
}

static __always_inline void begin_send(const __u64 *registers, struct sock *sk)
{
	struct call_arguments arguments = { .socket = (__u64)sk };

	/* The kernel reads no name of a call that appends to a datagram; at its end the datagram may have left. */
	if (is_corked(sk))
		arguments.appends = 1;
	else
		read_name(&arguments.named, (struct msghdr *)ARGUMENT_2(registers));
	begin_call(UDP_SEND, &arguments);
}

static __always_inline void end_send(int length)
{
	struct call_arguments arguments = {};
	struct datagram_runs *runs = runs_of_cpu();
	struct datagram_note *note;
	struct sock *sk;

	if (!end_call(UDP_SEND, &arguments))
		return;
	if (runs)
		__sync_fetch_and_add(&runs->sends, 1);
	sk = (struct sock *)arguments.socket;
	note = datagram_note_or_new(sk);
	if (!note)
		return;
	if (!arguments.appends)
		note->corked.family = 0;
	account(sk, note, &arguments.named, length, SENT);
}

/* udpv6_sendmsg() hands what goes to an IPv4 peer to udp_sendmsg(): that is one call, counted where it began. */
SEC("kprobe/udp_sendmsg")
int udp_send_begins(__u64 *registers)
{
	struct sock *sk = (struct sock *)ARGUMENT_1(registers);

	if (FIELD(sk, __sk_common.skc_family) == AF_INET)
		begin_send(registers, sk);
	return 0;
}

SEC("kretprobe/udp_sendmsg")
int udp_sent(__u64 *registers)
{
	struct call call = { .task = bpf_get_current_pid_tgid(), .function = UDP_SEND };
	struct call_arguments *kept = bpf_map_lookup_elem(&calls, &call);
	struct sock *sk;

	if (!kept)
		return 0;
	sk = (struct sock *)kept->socket;
	if (FIELD(sk, __sk_common.skc_family) == AF_INET)
		end_send((int)RESULT(registers));
	return 0;
}

SEC("kprobe/udpv6_sendmsg")
int udpv6_send_begins(__u64 *registers)
{
	begin_send(registers, (struct sock *)ARGUMENT_1(registers));
	return 0;
}

SEC("kretprobe/udpv6_sendmsg")
int udpv6_sent(__u64 *registers)
{
	end_send((int)RESULT(registers));
	return 0;
}

/*
 * Before 6.5 sendfile() and splice() gave IPv4 sockets pages, past udp_sendmsg(). Each page is appended to a datagram that
 * is held back; where the device can't have pages, the kernel copies, with udp_sendmsg(), and this function returns an error.
 */
SEC("kprobe/ip_append_page")
int udp_page_begins(__u64 *registers)
{
	struct call_arguments arguments = {
		.socket = ARGUMENT_1(registers),
		.size = ARGUMENT_5(registers),
	};

	if (is_udp((struct sock *)arguments.socket))
		begin_call(UDP_PAGE, &arguments);
	return 0;
}

SEC("kretprobe/ip_append_page")
int udp_page_sent(__u64 *registers)
{
	struct call_arguments arguments = {};
	struct datagram_note *note;

	if (!end_call(UDP_PAGE, &arguments) || (int)RESULT(registers))
		return 0;
	note = datagram_note_or_new((struct sock *)arguments.socket);
	if (note)
		account((struct sock *)arguments.socket, note, &arguments.named, arguments.size, SENT);
	return 0;
}

/* Whom a datagram came from, as its headers say. */
static __always_inline void read_source(struct flow_key *peer, const struct sk_buff *skb)
{
	const unsigned char *head = FIELD(skb, head);
	const unsigned char *network = head + FIELD(skb, network_header);
	__be32 addr[4] = {};
	__be16 port = 0;

	bpf_probe_read_kernel(&port, sizeof(port), head + FIELD(skb, transport_header));
	if (FIELD(skb, protocol) == bpf_htons(ETH_P_IP)) {
		bpf_probe_read_kernel(addr, sizeof(addr[0]), network + IPV4_SOURCE_AT);
		set_peer_ipv4(peer, addr[0], port);
	} else {
		bpf_probe_read_kernel(addr, sizeof(addr), network + IPV6_SOURCE_AT);
		set_peer_ipv6(peer, addr, port);
	}
}

/*
 * The last that udp_recvmsg() and udpv6_recvmsg() do with a datagram that they hand to a process, with the length that they
 * will return: negative for a peek. What fails, and the error queue, does not come here. So no call has to be followed that
 * may wait for hours: the kernel follows as many at a time as there are CPUs, and forgets the rest.
 */
SEC("kprobe/skb_consume_udp")
int udp_received(__u64 *registers)
{
	struct sock *sk = (struct sock *)ARGUMENT_1(registers);
	int length = (int)ARGUMENT_3(registers);
	struct datagram_runs *runs = runs_of_cpu();
	struct flow_key peer = {};
	struct datagram_note *note;

	if (runs)
		__sync_fetch_and_add(&runs->receives, 1);
	if (length <= 0)
		return 0;
	note = datagram_note_or_new(sk);
	if (!note)
		return 0;
	read_source(&peer, (struct sk_buff *)ARGUMENT_2(registers));
	account(sk, note, &peer, length, RECEIVED);
	return 0;
}

/* Where a socket ends, whichever way it is closed. */
static __always_inline int release(struct sock *sk)
{
	struct datagram_note *note = datagram_note_of(sk);

	if (!note)
		return 0;
	report_release(note, cookie_of(sk, note), FIELD(sk, __sk_common.skc_bound_dev_if));
	forget_datagram_note(sk);
	return 0;
}

SEC("kprobe/udp_destroy_sock")
int udp_destroyed(__u64 *registers)
{
	return release((struct sock *)ARGUMENT_1(registers));
}

SEC("kprobe/udpv6_destroy_sock")
int udpv6_destroyed(__u64 *registers)
{
	return release((struct sock *)ARGUMENT_1(registers));
}

/* As in ../datagrams.bpf.c: every flow of every socket. */
SEC("iter/bpf_map_elem")
int walk_flows(struct bpf_iter__bpf_map_elem *ctx)
{
	return write_flow(ctx);
}
