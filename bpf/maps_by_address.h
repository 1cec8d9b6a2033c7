/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * The maps of programs without socket storage. They are made whole at the start: before 6.1 programs on kprobes and
 * tracepoints must not allocate, and the kernel warns in its log of maps that do. User space says how large they are.
 */
#ifndef TCPTOP_MAPS_BY_ADDRESS_H
#define TCPTOP_MAPS_BY_ADDRESS_H

/* Whose note it is: see notes_by_address.h. It stands before the note. */
struct socket_identity {
	/* 0 until it is settled. */
	__u64 name;
	/* 0 while the kernel has given the socket none. */
	__u64 kernel_cookie;
};

struct tracked_connection {
	struct socket_identity identity;
	struct connection_note note;
	/* Only while somebody asks for calls. */
	struct call_note calls;
};

struct tracked_datagrams {
	struct socket_identity identity;
	struct datagram_note note;
};

/* By the socket's address. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64 * 1024);
	__type(key, __u64);
	__type(value, struct tracked_connection);
} notes_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16 * 1024);
	__type(key, __u64);
	__type(value, struct tracked_datagrams);
} datagram_notes_map;

/* When it is full, what its flows would have counted stays with the socket, as with no known peer. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64 * 1024);
	__type(key, struct flow_key);
	__type(value, struct flow);
} flows_map;

/* A call that has begun: a return probe knows nothing but what the call returned. */
struct call {
	/* pid and tgid */
	__u64 task;
	__u64 function;
};

struct call_arguments {
	__u64 socket;
	/* What was asked for, in bytes. */
	__u64 size;
	__u32 flags;
	/* Appends to a datagram that was held back before it. */
	__u32 appends;
	/* The peer that it names; its family is 0: none. */
	struct flow_key named;
};

typedef struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16 * 1024);
	__type(key, struct call);
	__type(value, struct call_arguments);
} calls_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tracking_losses);
} tracking_losses_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct datagram_runs);
} datagram_runs_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} numbers_map;

#endif
