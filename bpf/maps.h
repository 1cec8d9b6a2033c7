/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * The maps that the programs share; maps.bpf.c defines them, the static linker joins them.
 */
#ifndef TCPTOP_MAPS_H
#define TCPTOP_MAPS_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "records.h"

/* What is remembered with a socket for as long as it lives. */
struct connection_note {
	__u64 opened_ns;
	/* The counters as the walk last wrote them out: what a fold must not count again. */
	__u64 reported_tx_bytes;
	__u64 reported_rx_bytes;
	__u64 reported_retrans_bytes;
	/* The walk over files that wrote the socket out: the walk over the rest leaves it out. */
	__u64 walk;
	/* The walk over files in which its place was the one below: see resting.h. */
	__u64 placed_walk;
	/* What was told of it then, who held it, and what it had done so far: numbers that differ when these do. */
	__u64 told;
	__u64 holder;
	__u64 activity;
	__u32 place;
	__u32 incarnation;
	__u32 owner_pid;
	char owner_comm[COMM_LEN];
	__u8 direction;
	__u8 owner_source;
	/* The close of this incarnation has been reported or folded. */
	__u8 closed;
	/* This side has shut its direction: a FIN follows the last byte. */
	__u8 fin_queued;
	/* Who destroys it, too, is whoever had the kernel close it: see end(). */
	__u8 destroyed_by_order;
	/* Two walks told the same of it, and it did nothing in between. */
	__u8 is_settled;
	__u8 reserved[6];
};

/* What the calls on a TCP socket came to, in the incarnation that it is of. */
struct call_note {
	struct call_totals totals;
	__u32 incarnation;
	__u32 reserved;
};

/* What is remembered with a UDP socket, with what it moved with no peer that a call named. */
struct datagram_note {
	__u64 first_ns;
	__u64 last_ns;
	__u64 tx_bytes;
	__u64 rx_bytes;
	__u64 walk;
	__u32 incarnation;
	__u32 netns;
	__u32 owner_pid;
	char owner_comm[COMM_LEN];
	/* Its family is 0 until the socket has been seen. */
	struct socket_tuple tuple;
	__u32 reserved;
	/* The peer of a datagram that is held back, if a call named it; else its family is 0. */
	struct flow_key corked;
	/* The task (pid and tgid) that is in the middle of a call which names a peer, and that peer; 0 for none. */
	__u64 naming_task;
	struct flow_key named;
	/* Calls of several tasks have met in this socket: `pending_peers` may have one of them. */
	__u8 is_contended;
	/* The call that is under way appends to a datagram that was held back before it. */
	__u8 appends;
	__u8 reserved_flags[6];
};

#ifdef ADDRESSES_ONLY
#include "maps_by_address.h"
#else

typedef struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct connection_note);
} notes_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call_note);
} call_notes_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct datagram_note);
} datagram_notes_map;

/* How far a task has come in the chain of programs that may count the call that it is in: see datagram_chain.bpf.c. */
struct chain_place {
	__u64 socket;
	/* The last program of the chain that ran for the call. */
	__u32 link;
	__u32 reserved;
};

struct chain_places {
	struct chain_place sent;
	struct chain_place received;
};

typedef struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct chain_places);
} chain_places_map;

#define CHAIN_LINKS 4

/* Of one CPU: in which programs of each chain tasks are, by way (enum way). */
struct chain_occupancy {
	__u8 inside[2][CHAIN_LINKS];
};

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct chain_occupancy);
} chain_occupancies_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct full_chains);
} full_chains_map;

/* When it is full, what its flows would have counted stays with the socket, as with no known peer. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256 * 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct flow_key);
	__type(value, struct flow);
} flows_map;

/* The same by task, of those that found the socket's own place taken. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16 * 1024);
	__type(key, __u64);
	__type(value, struct flow_key);
} pending_peers_map;

#endif

typedef struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} ring_map;

/* The last walk over files that user space has taken to its end: the next may refer to it (resting.h). 0 for none. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} taken_walk_map;

/* Folded closes by the process that owned the connection (0: not known). */
typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct fold_totals);
} folded_map;

/* The overflow slot: folded closes of processes that found no room in `folded`. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fold_totals);
} folded_rest_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ring_losses);
} losses_map;

#endif
