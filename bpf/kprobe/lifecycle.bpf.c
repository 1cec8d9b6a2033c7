// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "lifecycle.h"

#include <bpf/bpf_tracing.h>

SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(tcp_state_changed, struct sock *sk, int old_state, int state)
{
	return change_state(sk, old_state, state);
}

SEC("raw_tp/tcp_destroy_sock")
int BPF_PROG(tcp_destroyed, struct sock *sk)
{
	settle_destroyed(sk);
	forget_note(sk);
	return 0;
}
