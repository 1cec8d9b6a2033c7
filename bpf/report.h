/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Records into the ring. A close that finds it full is folded into totals, so that sums stay exact; anything else
 * is counted as lost, since the walk or the close will tell it again.
 */
#ifndef TCPTOP_REPORT_H
#define TCPTOP_REPORT_H

#include "kernel_types.h"
#include "maps.h"

extern ring_map ring SEC(".maps");
extern folded_map folded SEC(".maps");
extern folded_rest_map folded_rest SEC(".maps");
extern losses_map losses SEC(".maps");

/* User space drains on a timer that is faster than its tick: a wake-up per record would cost more than the record. */
static __always_inline bool ring_write(const struct connection_record *record)
{
	return bpf_ringbuf_output(&ring, (void *)record, sizeof(*record), BPF_RB_NO_WAKEUP) == 0;
}

static __always_inline struct fold_totals *fold_slot(__u32 pid)
{
	static const struct fold_totals none = {};
	struct fold_totals *totals = bpf_map_lookup_elem(&folded, &pid);
	__u32 zero = 0;

	if (totals)
		return totals;
	/* BPF_NOEXIST: another CPU may have put it there since; its entry then serves. */
	bpf_map_update_elem(&folded, &pid, &none, BPF_NOEXIST);
	totals = bpf_map_lookup_elem(&folded, &pid);
	return totals ? totals : bpf_map_lookup_elem(&folded_rest, &zero);
}

/* A walk reads without a lock, and can have reported the 1 of a FIN too many. */
static __always_inline __u64 unreported(__u64 final, __u64 reported)
{
	return final > reported ? final - reported : 0;
}

/*
 * Adds what had not been reported of a closed connection to its owner's totals. Atomic although the slot is this
 * CPU's own: a packet can close a connection on top of a process that is closing one.
 */
static __always_inline void fold(const struct connection_record *record, const struct connection_note *note)
{
	struct fold_totals *totals = fold_slot(record->owner_pid);

	if (!totals)
		return;
	__sync_fetch_and_add(&totals->connections, 1);
	__sync_fetch_and_add(&totals->tx_bytes, unreported(record->tx_bytes, note ? note->reported_tx_bytes : 0));
	__sync_fetch_and_add(&totals->rx_bytes, unreported(record->rx_bytes, note ? note->reported_rx_bytes : 0));
	__sync_fetch_and_add(&totals->retrans_bytes,
			     unreported(record->retrans_bytes, note ? note->reported_retrans_bytes : 0));
}

static __always_inline void report_close(struct connection_record *record, const struct connection_note *note)
{
	record->kind = RECORD_CLOSE;
	/* A listening socket is no connection, and has no bytes: its row ends by look-up. */
	if (!ring_write(record) && record->state != TCP_LISTEN)
		fold(record, note);
}

static __always_inline void report(struct connection_record *record, __u8 kind)
{
	struct ring_losses *lost;
	__u32 zero = 0;

	record->kind = kind;
	if (ring_write(record))
		return;
	lost = bpf_map_lookup_elem(&losses, &zero);
	if (!lost)
		return;
	switch (kind) {
	case RECORD_OPEN:
		__sync_fetch_and_add(&lost->opens, 1);
		break;
	case RECORD_STATE:
		__sync_fetch_and_add(&lost->states, 1);
		break;
	case RECORD_OWNER:
		__sync_fetch_and_add(&lost->owners, 1);
		break;
	}
}

#endif
