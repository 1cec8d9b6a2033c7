// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "maps.h"

notes_map notes SEC(".maps");
call_notes_map call_notes SEC(".maps");
datagram_notes_map datagram_notes SEC(".maps");
flows_map flows SEC(".maps");
pending_peers_map pending_peers SEC(".maps");
chain_places_map chain_places SEC(".maps");
chain_occupancies_map chain_occupancies SEC(".maps");
full_chains_map full_chains SEC(".maps");
ring_map ring SEC(".maps");
taken_walk_map taken_walk SEC(".maps");
folded_map folded SEC(".maps");
folded_rest_map folded_rest SEC(".maps");
losses_map losses SEC(".maps");

/* Numbers flows; 0 is no flow. */
__u64 flows_made;

const volatile struct record_layouts record_layouts = {};

/* Bits are 1 << record_kind; closes are always reported. Live tables want opens, a trace wants states too. */
const volatile __u32 target_events = 1 << RECORD_OPEN;

char LICENSE[] SEC("license") = "Dual MIT/GPL";
