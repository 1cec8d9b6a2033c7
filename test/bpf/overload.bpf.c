// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// Closes by the thousand, through the very function that reports real ones: BPF_PROG_TEST_RUN does not run tracing
// programs. Linked with bpf/ for the test of folding only.
#include "kernel_types.h"
#include "maps.h"
#include "report.h"

#include <bpf/bpf_helpers.h>

struct overload {
	__u64 first_cookie;
	__u64 closes;
	/* Each third connection has been reported with this much less than its final counters. */
	__u64 unreported_bytes;
};

static long push_close(__u32 index, struct overload *overload)
{
	struct connection_record record = {};
	struct connection_note note = {};
	__u64 cookie = overload->first_cookie + index;

	record.cookie = cookie;
	record.holder_cookie = cookie;
	record.state = TCP_LAST_ACK;
	record.direction = DIRECTION_IN;
	record.opened_ns = 1;
	record.tuple.family = AF_INET;
	record.tuple.local_port = 80;
	/* More owners than the folding map has room for: some must go to the overflow slot. */
	record.owner_pid = 1 + cookie % 3000;
	record.owner_source = OWNER_IO;
	record.tx_bytes = 1000 + index;
	record.rx_bytes = 2 * record.tx_bytes;
	record.retrans_bytes = 1;
	if (cookie % 3 == 0) {
		note.reported_tx_bytes = record.tx_bytes - overload->unreported_bytes;
		note.reported_rx_bytes = record.rx_bytes - overload->unreported_bytes;
	}
	report_close(&record, &note);
	return 0;
}

SEC("syscall")
int push_closes(struct overload *overload)
{
	struct overload copy = *overload;

	return bpf_loop(copy.closes, push_close, &copy, 0) == copy.closes ? 0 : 1;
}
