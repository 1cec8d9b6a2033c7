// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "lifecycle.h"

#include <bpf/bpf_tracing.h>

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tcp_state_changed, struct sock *sk, int old_state, int state)
{
	return change_state(sk, old_state, state);
}

SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(tcp_destroyed, struct sock *sk)
{
	return settle_destroyed(sk);
}
