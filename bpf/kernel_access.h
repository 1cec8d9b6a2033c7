/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * How the kernel's memory is read. Programs that the kernel gives typed pointers load through them: that costs an
 * instruction. Kprobes and raw tracepoints have addresses only, and call a helper for each field (10 ns). Each field is
 * named in one place for both: an object is compiled with ADDRESSES_ONLY or without.
 */
#ifndef TCPTOP_KERNEL_ACCESS_H
#define TCPTOP_KERNEL_ACCESS_H

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#ifdef ADDRESSES_ONLY

/* FIELD(sk, a.b, c): sk->a.b->c. What can't be read is 0. */
#define FIELD(source, ...) BPF_CORE_READ(source, __VA_ARGS__)
#define FIELD_ONCE(source, member) BPF_CORE_READ(source, member)
#define BIT_FIELD(source, member) BPF_CORE_READ_BITFIELD_PROBED(source, member)
#define COPY_ARRAY(copy, source, member) bpf_core_read(copy, sizeof(copy), &(source)->member)

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/*
 * Of a whole socket whose protocol number is TCP's, as bpf_skc_to_tcp_sock(). Raw sockets and netlink have that number too;
 * mini-sockets are shorter.
 */
static __always_inline struct tcp_sock *tcp_sock_of(struct sock *sk)
{
	__u16 family = FIELD(sk, __sk_common.skc_family);

	if ((family != AF_INET && family != AF_INET6) || FIELD(sk, sk_type) != SOCK_STREAM)
		return 0;
	return (struct tcp_sock *)sk;
}

#else

#define FIELD_1(source, a) ((source)->a)
#define FIELD_2(source, a, b) ((source)->a->b)
#define FIELD_OF(_1, _2, name, ...) name
#define FIELD(source, ...) FIELD_OF(__VA_ARGS__, FIELD_2, FIELD_1)(source, __VA_ARGS__)
/* A load that the compiler may neither merge nor move: the walk reads while other CPUs write. */
#define FIELD_ONCE(source, member) (*(volatile const typeof((source)->member) *)&(source)->member)
#define BIT_FIELD(source, member) BPF_CORE_READ_BITFIELD(source, member)
#define COPY_ARRAY(copy, source, member) __builtin_memcpy(copy, (source)->member, sizeof(copy))

static __always_inline struct task_struct *current_task(void)
{
	return bpf_get_current_task_btf();
}

static __always_inline struct tcp_sock *tcp_sock_of(struct sock *sk)
{
	return bpf_skc_to_tcp_sock(sk);
}

#endif

#endif
