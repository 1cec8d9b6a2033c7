/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * What crosses from the kernel to user space, and only that. The decoders in src/linux/records.gen.ts are
 * generated from these structures' BTF: change them here, then run `make bpf`.
 *
 * Rules: fixed-width members, the widest first, no holes (the compiler is told to refuse one).
 */
#ifndef TCPTOP_RECORDS_H
#define TCPTOP_RECORDS_H

#include <linux/types.h>

#define COMM_LEN 16
#define CONGESTION_NAME_LEN 16

/* A socket's number, unique since boot. A type of its own: it is an identity, to be kept exact to the last bit. */
typedef __u64 socket_cookie;

/* The first word of every record, in the ring and from the walks. */
enum record_kind {
	RECORD_WALK = 0,
	RECORD_OPEN = 1,
	RECORD_STATE = 2,
	RECORD_CLOSE = 3,
	RECORD_OWNER = 4,
	RECORD_HOLDER = 5,
	RECORD_FLOW = 6,
	RECORD_UDP_SOCKET = 7,
	RECORD_UDP_END = 8,
	RECORD_SEND = 9,
	RECORD_RECEIVE = 10,
	RECORD_RESTING = 11,
	RECORD_WALK_END = 12,
};

enum direction {
	DIRECTION_UNKNOWN = 0,
	DIRECTION_IN = 1,
	DIRECTION_OUT = 2,
};

enum owner_source {
	OWNER_UNKNOWN = 0,
	OWNER_CONNECT = 1,
	OWNER_ACCEPT = 2,
	OWNER_IO = 3,
};

enum record_flags {
	/* The peer's FIN has been received. */
	PEER_FIN = 1 << 0,
	/* The congestion window was full in the round trip at hand. */
	CWND_LIMITED = 1 << 1,
	/* When the last acknowledged data was sent, the application had no more to send. */
	APP_LIMITED = 1 << 2,
	/* The application has asked for room in the send buffer, and waits for it. */
	WAITS_FOR_ROOM = 1 << 3,
};

/* Both ends, as one run of bytes that identifies them. */
struct socket_tuple {
	__u16 family;
	__u16 local_port;
	__u16 remote_port;
	__u16 reserved;
	/* IPv4 in the first four bytes. */
	__u8 local_addr[16];
	__u8 remote_addr[16];
};

/* One TCP socket at one instant. */
struct connection_record {
	__u32 kind;
	/* Counts the connections that this socket has had. */
	__u32 incarnation;
	socket_cookie cookie;
	/* The socket that processes hold: this one, or the MPTCP socket that it is a subflow of. */
	socket_cookie holder_cookie;
	/* ns since boot; opened_ns is 0 for a connection that is older than the programs. */
	__u64 read_ns;
	__u64 opened_ns;
	__u64 tx_bytes;
	__u64 rx_bytes;
	__u64 retrans_bytes;
	/* Inode of the network namespace. */
	__u32 netns;
	__u32 owner_pid;
	/* 1/8 us, as tcp_sock keeps it. */
	__u32 srtt_eighth_us;
	/* 1/4 us, as tcp_sock keeps it. */
	__u32 mdev_quarter_us;
	/* All bits set before the first measurement. */
	__u32 min_rtt_us;
	__u32 total_retrans;
	__u32 snd_cwnd;
	__u32 mss;
	__u32 rate_delivered;
	__u32 rate_interval_us;
	__u32 send_queue;
	__u32 recv_queue;
	__u32 accept_queue;
	__u32 accept_limit;
	__u32 error;
	/* Index of the device that the socket is bound to; 0 for none. */
	__u32 bound_device;
	/* Index of the device that it last received by; 0 when it has not. */
	__u32 receiving_device;
	/*
	 * Jiffies: the clock, and how long there was something to send or to be acknowledged; and of that, how long the peer's
	 * window was closed, and how long the send buffer was too small. What follows is 0 before the connection is established.
	 */
	__u32 clock;
	__u32 busy_time;
	__u32 rwnd_limited_time;
	__u32 sndbuf_limited_time;
	/* Bytes that the peer still takes, and that this end has offered to take. */
	__u32 snd_wnd;
	__u32 rcv_wnd;
	/* Bytes written by the application that have not left yet. */
	__u32 unsent;
	/* Segments in flight, and those of them that are taken for lost. */
	__u32 packets_out;
	__u32 lost_out;
	/* Segments with payload, sent again or received again included. */
	__u32 data_segs_out;
	__u32 data_segs_in;
	struct socket_tuple tuple;
	char owner_comm[COMM_LEN];
	char congestion_algorithm[CONGESTION_NAME_LEN];
	__u8 state;
	/* The state that was left, in RECORD_STATE and RECORD_CLOSE. */
	__u8 old_state;
	__u8 direction;
	__u8 owner_source;
	__u8 flags;
	/* Retransmission time-outs since the peer last acknowledged anything. */
	__u8 timeouts;
	__u8 reserved_flags[2];
};

/*
 * What a UDP socket moved: with one peer that a call named (RECORD_FLOW); or else, with the peer that it is connected to,
 * or with peers that are not known (RECORD_UDP_SOCKET while it is so, RECORD_UDP_END as the last word). Payload as send and
 * receive calls returned it, since the socket was first seen.
 */
struct flow_record {
	__u32 kind;
	/* Counts the peers that this socket has been connected to, one after the other. */
	__u32 incarnation;
	socket_cookie cookie;
	/* Numbers the flows of all sockets, from 1; 0 is the socket's own row. */
	__u64 flow;
	__u64 read_ns;
	/* 0 when nothing has moved yet. */
	__u64 first_ns;
	__u64 last_ns;
	__u64 tx_bytes;
	__u64 rx_bytes;
	__u32 netns;
	/* Datagrams that found the receive buffer full, of the socket since it was made; only in RECORD_UDP_SOCKET. */
	__u32 drops;
	__u32 owner_pid;
	/* As in connection_record; only in RECORD_UDP_SOCKET and when the socket is released. */
	__u32 bound_device;
	struct socket_tuple tuple;
	char owner_comm[COMM_LEN];
	__u8 owner_source;
	/* RECORD_UDP_END: the socket is gone, with all its flows; else it has a new peer. */
	__u8 released;
	__u8 reserved_flags[6];
};

/* What names a flow: the key of the map that keeps it. An IPv4-mapped peer is an IPv4 one. */
struct flow_key {
	socket_cookie cookie;
	__u8 remote_addr[16];
	__u16 remote_port;
	__u16 family;
	__u32 reserved;
};

/* A UDP socket and one peer. The value of the map of flows. */
struct flow {
	__u64 number;
	__u64 first_ns;
	__u64 last_ns;
	__u64 tx_bytes;
	__u64 rx_bytes;
	__u32 netns;
	__u32 owner_pid;
	char owner_comm[COMM_LEN];
	struct socket_tuple tuple;
};

/* One process that has one socket open. */
struct holder_record {
	__u32 kind;
	__u32 pid;
	socket_cookie cookie;
	char comm[COMM_LEN];
};

/*
 * Connections that say what they said in the walk over files before this one (`base_walk`), in which they stood one after the
 * other from `place` on, each with the same holder before it. A connection's place in a walk is the number of those before
 * it. The first and the last of them were read at these instants: ns since boot, and jiffies.
 */
struct resting_record {
	__u32 kind;
	__u32 place;
	__u32 count;
	__u32 first_clock;
	__u32 last_clock;
	__u32 reserved;
	__u64 base_walk;
	__u64 first_ns;
	__u64 last_ns;
};

/* The last record of a walk over files: once user space has taken it (`taken_walk`), walks may refer to this one. */
struct walk_end_record {
	__u32 kind;
	__u32 reserved;
	__u64 walk;
};

/* What send and receive calls on one TCP socket came to, as they returned it, since its programs were there. */
struct call_totals {
	__u64 sends;
	__u64 receives;
	__u64 sent_bytes;
	__u64 received_bytes;
};

/* One call that sent or received something (RECORD_SEND, RECORD_RECEIVE), with what its connection's calls have come to. */
struct call_record {
	__u32 kind;
	/* Counts the connections that this socket has had. */
	__u32 incarnation;
	socket_cookie cookie;
	/* ns since boot. */
	__u64 time_ns;
	__u64 call_bytes;
	struct call_totals totals;
	__u32 pid;
	__u32 reserved;
	char comm[COMM_LEN];
};

/* Closed connections kept as totals: the value of a per-CPU map. Members only grow. */
struct fold_totals {
	__u64 connections;
	__u64 tx_bytes;
	__u64 rx_bytes;
	__u64 retrans_bytes;
};

/* Records that could not be written for want of room in the ring, but for closes, which are folded. */
struct ring_losses {
	__u64 opens;
	__u64 states;
	__u64 owners;
	__u64 udp_ends;
	__u64 calls;
};

/* Only where notes are kept by address: what was lost on the way to a number. Members only grow. */
struct tracking_losses {
	/* Calls whose end was not seen: their bytes are not counted. */
	__u64 missed_calls;
	/* Times that a socket was met and found no room. */
	__u64 refused_notes;
	/* Sockets whose end was not seen. */
	__u64 stale_notes;
};

/* How often the programs ran that count datagrams: whether the kernel runs them at all. */
struct datagram_runs {
	__u64 sends;
	__u64 receives;
};

/* How often a chain's last free program was entered on a CPU (datagram_chain.bpf.c): all of them may have been skipped for a call. */
struct full_chains {
	__u64 sent;
	__u64 received;
};

/* Never written: it brings the layouts into the object's BTF, from which the decoders are generated. */
struct record_layouts {
	struct connection_record connection;
	struct holder_record holder;
	struct resting_record resting;
	struct walk_end_record walk_end;
	struct flow_record flow;
	struct flow_key flow_key;
	struct flow flow_value;
	struct call_record call;
	struct fold_totals folded;
	struct ring_losses losses;
	struct tracking_losses tracking_losses;
	struct datagram_runs datagram_runs;
	struct full_chains full_chains;
	enum record_kind kind;
	enum direction direction;
	enum owner_source owner_source;
	enum record_flags flags;
};

_Static_assert(sizeof(struct connection_record) == 256, "connection_record has a hole");
_Static_assert(sizeof(struct flow_record) == 144, "flow_record has a hole");
_Static_assert(sizeof(struct flow_key) == 32, "flow_key has a hole");
_Static_assert(sizeof(struct call_record) == 88, "call_record has a hole");
_Static_assert(sizeof(struct holder_record) == 32, "holder_record has a hole");
_Static_assert(sizeof(struct resting_record) == 48, "resting_record has a hole");
_Static_assert(sizeof(struct walk_end_record) == 16, "walk_end_record has a hole");

#endif
