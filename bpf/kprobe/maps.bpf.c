// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "maps.h"

notes_map notes SEC(".maps");
datagram_notes_map datagram_notes SEC(".maps");
flows_map flows SEC(".maps");
calls_map calls SEC(".maps");
ring_map ring SEC(".maps");
taken_walk_map taken_walk SEC(".maps");
folded_map folded SEC(".maps");
folded_rest_map folded_rest SEC(".maps");
losses_map losses SEC(".maps");
tracking_losses_map tracking_losses SEC(".maps");
datagram_runs_map datagram_runs SEC(".maps");
numbers_map numbers SEC(".maps");

const volatile struct record_layouts record_layouts = {};

/* Bits are 1 << record_kind; closes are always reported. Live tables want opens, a trace wants states too. */
const volatile __u32 target_events = 1 << RECORD_OPEN;

/* Set before load, so that one object serves both architectures: the verifier drops what is dead on the other. */
const volatile __u32 target_arm64 = 0;

char LICENSE[] SEC("license") = "Dual MIT/GPL";
