// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
// The kernel gives a socket its cookie when somebody first asks for it. Kprobes can't ask, programs of cgroups can: these
// do for each socket as soon as it is there, and nothing else. Both return 1: let it pass.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

/* Sockets that processes make. */
SEC("cgroup/sock_create")
int ask_cookie_of_made(struct bpf_sock *sk)
{
	bpf_get_socket_cookie(sk);
	return 1;
}

/* Those that a handshake makes, and MPTCP's: called a few times in a connection's life, never for data. */
SEC("sockops")
int ask_cookie_of_connected(struct bpf_sock_ops *ctx)
{
	if (ctx->op == BPF_SOCK_OPS_TCP_CONNECT_CB || ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		bpf_get_socket_cookie(ctx);
	return 1;
}
