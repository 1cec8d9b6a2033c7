/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Most connections of a host are quiet from one walk to the next. Of these a walk over files writes only where they stood in
 * the walk before, so many in a row; and those that have done nothing, twice, are not even read: what it takes to read a
 * socket is the memory that must be fetched for it, line by line.
 */
#ifndef TCPTOP_RESTING_H
#define TCPTOP_RESTING_H

#include "kernel_access.h"
#include "maps.h"
#include "owner.h"

/*
 * Of so many walks one reads a connection anew, whatever it did: a changed route or an option that was set leaves no
 * trace in what connections do.
 */
#define WALKS_AT_REST 16

/* The walk over files that is under way, or was the last. */
struct walk_progress {
	__u64 walk;
	/* The one whose places user space knows; 0 for none. */
	__u64 base_walk;
	__u32 walks;
	/* How many connections it has met. */
	__u32 places;
	/* The process at hand, and its number and name as one number. */
	__u32 holder_pid;
	__u64 holder;
	/* Those of the last connections that are not written yet. */
	struct resting_record resting;
};

extern struct walk_progress walk_progress;
extern taken_walk_map taken_walk SEC(".maps");

/* A step from one number to the next. Different words give different numbers; different runs of words all but always. */
static __always_inline __u64 mix(__u64 number, __u64 word)
{
	number = (number ^ word) * 0x9e3779b97f4a7c15ULL;
	return number ^ number >> 32;
}

/* All of a record but when it was read, as a number. */
static __always_inline __u64 number_of(struct connection_record *record)
{
	/* Volatile: or the compiler loads all of them before it mixes any, and has no room for them. */
	const volatile __u64 *words = (const __u64 *)record;
	__u64 read_ns = record->read_ns;
	__u32 clock = record->clock;
	__u64 number = 0;

	record->read_ns = 0;
	record->clock = 0;
#pragma unroll
	for (int word = 0; word < sizeof(*record) / sizeof(*words); word++)
		number = mix(number, words[word]);
	record->read_ns = read_ns;
	record->clock = clock;
	return number;
}

/*
 * What a connection has done so far: whatever comes in, is written or goes out changes one of these, which are on three lines of
 * memory on newer kernels. It is taken before the rest is read, so that what happens in between shows the next time.
 */
static __always_inline __u64 activity_of(const struct sock *sk, const struct tcp_sock *tp, const struct connection_note *note)
{
	__u64 number = mix(FIELD(sk, __sk_common.skc_state), (__u64)note->owner_pid << 32 | note->incarnation);

	number = mix(number, (__u64)FIELD_ONCE(tp, segs_out) << 32 | FIELD_ONCE(tp, write_seq));
	number = mix(number, (__u64)FIELD_ONCE(tp, rcv_nxt) << 32 | FIELD_ONCE(tp, snd_una));
	return mix(number, FIELD_ONCE(tp, segs_in));
}

/* What activity_of() does not tell: what a process reads, and who waits in a listening socket's queue. */
static __always_inline bool can_settle(const struct connection_record *record)
{
	return record->state != TCP_LISTEN && record->recv_queue == 0;
}

/* To be called whenever a walk comes to a process's connection. */
static __always_inline void meet_holder(struct task_struct *task)
{
	__u64 name[COMM_LEN / sizeof(__u64)] = {};
	__u32 pid = FIELD(task, tgid);

	if (walk_progress.holder_pid == pid)
		return;
	read_process_name((char *)name, task);
	walk_progress.holder_pid = pid;
	walk_progress.holder = mix(mix(mix(0, pid), name[0]), name[1]);
}

/* Whether the walk that is referred to told of it, with this holder before it. */
static __always_inline bool was_met(const struct connection_note *note)
{
	return walk_progress.base_walk && note->placed_walk == walk_progress.base_walk &&
	       note->holder == walk_progress.holder;
}

static __always_inline bool was_told(const struct connection_note *note, __u64 told)
{
	return was_met(note) && note->told == told;
}

/*
 * One walk alone does not tell: a segment is counted when it comes in, and may wait for a process that has the socket
 * locked until what it says is taken.
 */
static __always_inline bool is_at_rest(const struct connection_note *note, __u64 activity)
{
	return note->is_settled && note->activity == activity && was_met(note) &&
	       ((__u32)note->told + walk_progress.walks) % WALKS_AT_REST;
}

static __always_inline void begin_walk(const struct bpf_iter_meta *meta)
{
	__u32 zero = 0;
	__u64 *taken;

	/* The kernel shows the first object again when the buffer was full. */
	if (walk_progress.walk == meta->session_id)
		return;
	taken = bpf_map_lookup_elem(&taken_walk, &zero);
	walk_progress.walk = meta->session_id;
	walk_progress.base_walk = taken ? *taken : 0;
	walk_progress.walks++;
	walk_progress.places = 0;
	walk_progress.holder_pid = 0;
	walk_progress.resting.count = 0;
}

static __always_inline void take_place(const struct bpf_iter_meta *meta, struct connection_note *note)
{
	note->place = walk_progress.places++;
	note->placed_walk = meta->session_id;
	note->walk = meta->session_id;
}

/* False when the buffer was full: then the kernel shows the object again, and nothing may have changed. */
static __always_inline bool write_resting(struct bpf_iter_meta *meta)
{
	struct resting_record record = walk_progress.resting;

	if (record.count == 0)
		return true;
	return bpf_seq_write(meta->seq, &record, sizeof(record)) == 0;
}

/* Of a connection that says what it said in the walk before. False when the buffer was full. */
static __always_inline bool tell_resting(struct bpf_iter_meta *meta, struct connection_note *note)
{
	struct resting_record *resting = &walk_progress.resting;

	if (resting->count == 0 || note->place != resting->place + resting->count) {
		if (!write_resting(meta))
			return false;
		resting->kind = RECORD_RESTING;
		resting->base_walk = walk_progress.base_walk;
		resting->place = note->place;
		resting->count = 0;
		resting->first_ns = bpf_ktime_get_ns();
		resting->first_clock = (__u32)bpf_jiffies64();
	}
	resting->count++;
	resting->last_ns = bpf_ktime_get_ns();
	resting->last_clock = (__u32)bpf_jiffies64();
	take_place(meta, note);
	return true;
}

static __always_inline void end_walk(struct bpf_iter_meta *meta)
{
	struct walk_end_record record = { .kind = RECORD_WALK_END, .walk = meta->session_id };

	/* When the buffer is full, the kernel comes here again. */
	if (write_resting(meta))
		bpf_seq_write(meta->seq, &record, sizeof(record));
}

#endif
