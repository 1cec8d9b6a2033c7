// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "walk.h"

struct walk_progress walk_progress;

/* As in ../walk.bpf.c: gives the TCP sockets of a network namespace their notes. */
SEC("iter/tcp")
int adopt_sockets(struct bpf_iter__tcp *ctx)
{
	struct sock_common *skc = ctx->sk_common;

	/* Request sockets have states beyond those of TCP. */
	if (!skc || !is_connection(skc->skc_state) || skc->skc_state > TCP_CLOSING)
		return 0;
	if (tcp_sock_of((struct sock *)skc))
		note_or_new((struct sock *)skc);
	return 0;
}

/* What bpf_sock_from_file() does, from 5.11. */
static __always_inline struct socket *socket_of(const struct file *file)
{
	const struct inode *inode = file->f_inode;

	if ((inode->i_mode & S_IFMT) != S_IFSOCK || inode->i_sb->s_magic != SOCKFS_MAGIC)
		return 0;
	return file->private_data;
}

/* As in ../walk.bpf.c: every socket that a process has open. */
SEC("iter/task_file")
int walk_held_sockets(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;

	if (ctx->meta->seq_num == 0)
		begin_walk(ctx->meta);
	if (!file || !task) {
		end_walk(ctx->meta);
		return 0;
	}
	socket = socket_of(file);
	if (!socket)
		return 0;
	sk = FIELD(socket, sk);
	if (sk)
		walk_held_socket(ctx->meta, sk, task);
	return 0;
}

/* As in ../walk.bpf.c: what no process has open. The socket can go while it is read; then its address has another, or none. */
SEC("iter/bpf_map_elem")
int walk_other_sockets(struct bpf_iter__bpf_map_elem *ctx)
{
	struct tracked_connection *tracked = ctx->value;
	__u64 *address = ctx->key;
	struct sock *sk;

	if (!tracked || !address || tracked->note.walk == walk_progress.walk)
		return 0;
	sk = (struct sock *)*address;
	if (is_still(sk, &tracked->note))
		walk_other_socket(ctx->meta, sk, (struct tcp_sock *)sk, &tracked->note);
	return 0;
}
