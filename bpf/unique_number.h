/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * Numbers that are given once. Each CPU counts for itself: an addition that tells its result needs Linux 5.12.
 */
#ifndef TCPTOP_UNIQUE_NUMBER_H
#define TCPTOP_UNIQUE_NUMBER_H

#include "maps.h"

extern numbers_map numbers SEC(".maps");

/* NR_CPUS is at most 8192. */
#define CPU_BITS 13

/* From 1 on; below 2^52 for some 10^11 numbers of each CPU. */
static __always_inline __u64 unique_number(void)
{
	__u32 zero = 0;
	__u64 *given = bpf_map_lookup_elem(&numbers, &zero);

	if (!given)
		return 1;
	*given += 1;
	return *given << CPU_BITS | bpf_get_smp_processor_id();
}

#endif
