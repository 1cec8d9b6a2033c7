/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * The kernel's types, cut down to the fields that are read here. Offsets are relocated against the running
 * kernel's BTF at load (CO-RE), so order and gaps mean nothing; names and types do.
 */
#ifndef TCPTOP_KERNEL_TYPES_H
#define TCPTOP_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/sched.h */
struct task_struct {
	unsigned int flags;
	int pid;
	int tgid;
	struct task_struct *group_leader;
	char comm[16];
};

/* include/linux/ns_common.h, include/net/net_namespace.h */
struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
};

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	__s64 counter;
} atomic64_t;

/* include/net/sock.h */
struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	int skc_bound_dev_if;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
	unsigned long skc_flags;
};

typedef struct {
	int owned;
} socket_lock_t;

struct numa_drop_counters {
	atomic_t drops0;
	atomic_t drops1;
};

struct sock {
	struct sock_common __sk_common;
	struct socket *sk_socket;
	socket_lock_t sk_lock;
	int sk_err;
	atomic_t sk_drops;
	/* From 6.18, UDP counts its drops for each NUMA node. */
	struct numa_drop_counters *sk_drop_counters;
	int sk_rx_dst_ifindex;
	__u16 sk_type;
	__u16 sk_protocol;
	__u32 sk_ack_backlog;
	__u32 sk_max_ack_backlog;
};

/* include/linux/udp.h */
struct udp_sock {
	/* The family of a datagram that MSG_MORE or UDP_CORK holds back; else 0. */
	int pending;
};

/* include/linux/ipv6.h */
struct ipv6_pinfo {
	int mcast_oif;
};

/* include/net/inet_sock.h, include/net/inet_connection_sock.h */
struct inet_sock {
	struct sock sk;
	struct ipv6_pinfo *pinet6;
	__be16 inet_sport;
	int mc_index;
};

/* Until 5.16; since then sk_rx_dst_ifindex (0c0a5ef809f9). */
struct inet_sock___pre517 {
	int rx_dst_ifindex;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	const struct tcp_congestion_ops *icsk_ca_ops;
	void *icsk_ulp_data;
	__u8 icsk_retransmits;
};

/* include/net/tcp.h */
struct tcp_congestion_ops {
	/* Function pointers stand before it: it is read in two loads. */
	char name[16] __attribute__((aligned(8)));
};

/* include/linux/win_minmax.h */
struct minmax_sample {
	__u32 v;
};

struct minmax {
	struct minmax_sample s[3];
};

/* include/linux/tcp.h */
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u64 bytes_acked;
	__u64 bytes_received;
	__u64 bytes_retrans;
	__u32 snd_una;
	__u32 snd_nxt;
	__u32 write_seq;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 srtt_us;
	__u32 mdev_us;
	struct minmax rtt_min;
	__u32 snd_cwnd;
	__u32 mss_cache;
	__u32 rate_delivered;
	__u32 rate_interval_us;
	__u32 total_retrans;
	__u32 snd_wnd;
	__u32 rcv_wnd;
	__u32 packets_out;
	__u32 lost_out;
	__u32 segs_in;
	__u32 segs_out;
	__u32 data_segs_in;
	__u32 data_segs_out;
	/* Jiffies: since when the state of sending is what chrono_type says, and how long it was in each before. */
	__u32 chrono_start;
	__u32 chrono_stat[3];
	/* Their widths and places changed; they are read as bit fields of the running kernel. */
	__u8 chrono_type : 2;
	__u8 is_cwnd_limited : 1;
	__u8 rate_app_limited : 1;
	bool is_mptcp;
};

/* net/mptcp/protocol.h: what a subflow's icsk_ulp_data points to */
struct mptcp_subflow_context {
	struct sock *conn;
};

/* include/linux/net.h */
struct socket {
	unsigned long flags;
	struct sock *sk;
};

/* include/linux/socket.h */
struct msghdr {
	/* In kernel memory; null where no name is given, or asked for. */
	void *msg_name;
};

/* include/linux/fs.h */
struct super_block {
	unsigned long s_magic;
};

struct inode {
	unsigned short i_mode;
	struct super_block *i_sb;
};

struct file {
	struct inode *f_inode;
	/* Of a socket's file its struct socket. */
	void *private_data;
};

/* include/linux/skbuff.h */
struct sk_buff {
	__be16 protocol;
	__u16 transport_header;
	__u16 network_header;
	unsigned char *head;
};

struct flowi4;
struct page;
struct proto_accept_arg;
struct seq_file;
struct bpf_map;

/* include/linux/bpf.h: what an iterator program is called with */
struct bpf_iter_meta {
	struct seq_file *seq;
	/* Differs for each opening of each iterator since boot. */
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

#pragma clang attribute pop

/* include/linux/sched.h */
#define PF_KTHREAD 0x00200000

/* include/linux/socket.h */
#define MSG_PEEK 0x2
#define MSG_ERRQUEUE 0x2000

/* include/uapi/linux/stat.h, include/uapi/linux/magic.h */
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define SOCKFS_MAGIC 0x534f434b

/* include/uapi/linux/if_ether.h */
#define ETH_P_IP 0x0800

/* include/uapi/linux/ip.h and ipv6.h: where the source address stands in the headers. */
#define IPV4_SOURCE_AT 12
#define IPV6_SOURCE_AT 8

/* include/uapi/asm-generic/errno.h */
#define ECONNABORTED 103

/* include/linux/socket.h, include/uapi/linux/in.h */
#define SOCK_STREAM 1
#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_UDPLITE 136
#define IPPROTO_MPTCP 262

/* include/net/tcp_states.h */
enum tcp_state {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
};

/* include/linux/net.h: the number of the bit in socket->flags */
#define SOCK_NOSPACE 2

/* include/linux/tcp.h */
enum tcp_chrono {
	TCP_CHRONO_UNSPEC,
	TCP_CHRONO_BUSY,
	TCP_CHRONO_RWND_LIMITED,
	TCP_CHRONO_SNDBUF_LIMITED,
};

/* include/net/sock.h; the bit's number is relocated, not trusted */
enum sock_flags {
	SOCK_DEAD,
	SOCK_DONE,
};

#endif
