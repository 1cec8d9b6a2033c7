/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * What holds a connection back, as the kernel itself keeps account of it: how long there was something to send, and what
 * was waited for (tcp_chrono_set, tcp_cwnd_validate, tcp_rate_check_app_limited).
 */
#ifndef TCPTOP_READ_LIMITS_H
#define TCPTOP_READ_LIMITS_H

#include "kernel_access.h"
#include "records.h"

struct send_times {
	__u32 busy;
	__u32 rwnd_limited;
	__u32 sndbuf_limited;
	__u32 start;
	__u8 type;
};

/*
 * The kernel adds a span to its total, then sets the start of the next one, then its type. Read against that order, and
 * the start once more: false when a span ended in between, which would count twice.
 */
static __always_inline bool try_send_times(const struct tcp_sock *tp, struct send_times *times)
{
	times->type = BIT_FIELD(tp, chrono_type);
	times->start = FIELD_ONCE(tp, chrono_start);
	times->busy = FIELD_ONCE(tp, chrono_stat[TCP_CHRONO_BUSY - 1]);
	times->rwnd_limited = FIELD_ONCE(tp, chrono_stat[TCP_CHRONO_RWND_LIMITED - 1]);
	times->sndbuf_limited = FIELD_ONCE(tp, chrono_stat[TCP_CHRONO_SNDBUF_LIMITED - 1]);
	return times->start == FIELD_ONCE(tp, chrono_start);
}

/* Jiffies, as the kernel counts: what they are of a second is not known here, shares of the clock need not know it. */
static __always_inline void read_send_times(struct connection_record *record, const struct tcp_sock *tp)
{
	struct send_times times = {};
	__u32 clock, span;

	(void)(try_send_times(tp, &times) || try_send_times(tp, &times));
	clock = (__u32)bpf_jiffies64();
	/* A span that began on another CPU after the clock was read here. */
	span = (__s32)(clock - times.start) < 0 ? 0 : clock - times.start;
	switch (times.type) {
	case TCP_CHRONO_BUSY:
		times.busy += span;
		break;
	case TCP_CHRONO_RWND_LIMITED:
		times.rwnd_limited += span;
		break;
	case TCP_CHRONO_SNDBUF_LIMITED:
		times.sndbuf_limited += span;
		break;
	}
	record->clock = clock;
	/* As tcp_get_info_chrono_stats(): the other two are times in which it was busy as well. */
	record->busy_time = times.busy + times.rwnd_limited + times.sndbuf_limited;
	record->rwnd_limited_time = times.rwnd_limited;
	record->sndbuf_limited_time = times.sndbuf_limited;
}

/*
 * Of a connection that is, or was, established. The kernel's account of the send buffer leaves out an application that waits
 * before it has written anything, and one that waits while less than a segment is held back for an ACK (Nagle): so whether
 * it waits is read as well.
 */
static __always_inline void read_limits(struct connection_record *record, const struct tcp_sock *tp, const struct sock *sk)
{
	const struct tcp_congestion_ops *ops = FIELD(tp, inet_conn.icsk_ca_ops);

	read_send_times(record, tp);
	COPY_ARRAY(record->congestion_algorithm, ops, name);
	if (BIT_FIELD(tp, is_cwnd_limited))
		record->flags |= CWND_LIMITED;
	if (BIT_FIELD(tp, rate_app_limited))
		record->flags |= APP_LIMITED;
	/* An orphan has no struct socket: that reads as 0. */
	if (FIELD(sk, sk_socket, flags) & (1UL << SOCK_NOSPACE))
		record->flags |= WAITS_FOR_ROOM;
	record->snd_wnd = FIELD(tp, snd_wnd);
	record->rcv_wnd = FIELD(tp, rcv_wnd);
	record->packets_out = FIELD(tp, packets_out);
	record->lost_out = FIELD(tp, lost_out);
	record->data_segs_out = FIELD(tp, data_segs_out);
	record->data_segs_in = FIELD(tp, data_segs_in);
	record->timeouts = FIELD(tp, inet_conn.icsk_retransmits);
}

#endif
