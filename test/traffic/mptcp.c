/*
 * MPTCP at one end or both. The socket that a process holds is the MPTCP socket (holder_cookie); the bytes are
 * counted by its TCP subflow, whose cookie user space can't ask for (cookie null). An end that fell back at
 * accept() is a plain TCP socket. How subflows end is the MPTCP machine's choice: end_reason is not stated.
 *
 * MPTCP sends data again on its own when its acknowledgement is late, as new payload of the subflow (seen in one
 * run of forty): MPTCP_INFO counts these bytes from 6.5 on, and they belong to the truth.
 */
#include "traffic.h"

#include <errno.h>
#include <linux/mptcp.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef SOL_MPTCP
#define SOL_MPTCP 284
#endif

/* The kernel's struct mptcp_info as of 6.5; older headers end before the byte counters. */
struct mptcp_counters {
	uint8_t limits[6];
	uint32_t flags;
	uint32_t token;
	uint64_t write_seq;
	uint64_t snd_una;
	uint64_t rcv_nxt;
	uint8_t local_addresses[2];
	uint8_t checksums;
	uint32_t retransmits;
	uint64_t bytes_retrans;
};

static uint64_t bytes_sent_again(const struct endpoint *end)
{
	struct mptcp_counters counters = { 0 };
	socklen_t length = sizeof(counters);

	if (end->cookie != 0)
		return 0;
	/* An MPTCP socket whose peer speaks TCP has no MPTCP to tell of. */
	if (getsockopt(end->fd, SOL_MPTCP, MPTCP_INFO, &counters, &length) != 0 && errno != EOPNOTSUPP)
		fail("MPTCP_INFO");
	return counters.bytes_retrans;
}

/* The MPTCP socket's queue empties on MPTCP's acknowledgement; what it sent again may still be on its way. */
static void settle_subflow(int fd)
{
	struct deadline deadline = deadline_in(10000, "the subflow to be acknowledged");
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	settle(fd);
	while (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
	       info.tcpi_unacked + info.tcpi_notsent_bytes > 0)
		deadline_tick(&deadline);
}

static void hold(struct endpoint *end)
{
	settle_subflow(end->fd);
	end->tx += bytes_sent_again(end);
	tell_peer(&end->tx, sizeof(end->tx));
	hear_peer(&end->rx, sizeof(end->rx));
	report_endpoint(end);
	say_ready();
	await_order("close");
}

static void finish(struct endpoint *end)
{
	bool plain = end->cookie != 0;

	close(end->fd);
	end->fd = -1;
	report_final(end, plain ? "fin" : NULL);
}

static void run_client(int protocol)
{
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct sockaddr_storage remote = parse_address("127.0.0.1", port);
	int fd = open_socket(&remote, protocol);
	connect_to(fd, &remote);
	struct endpoint end = endpoint_of("client", fd);
	end.tx = number_arg("bytes", 30011);
	end.rx = number_arg("reply_bytes", 9001);
	send_all(fd, end.tx, 1009);
	recv_all(fd, end.rx, BUFFER_SIZE);
	hold(&end);
	if (shutdown(fd, SHUT_WR) != 0)
		fail("shutdown");
	expect_eof(fd);
	finish(&end);
}

static void run_server(int protocol)
{
	int listener = listen_on("127.0.0.1", protocol);

	tell_port(listener);
	struct endpoint end = endpoint_of("server", accept_from(listener));
	end.rx = number_arg("bytes", 30011);
	end.tx = number_arg("reply_bytes", 9001);
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	send_all(end.fd, end.tx, 1009);
	hold(&end);
	expect_eof(end.fd);
	finish(&end);
	close(listener);
}

static void mptcp_client(void)
{
	run_client(IPPROTO_MPTCP);
}

static void tcp_client(void)
{
	run_client(IPPROTO_TCP);
}

static void mptcp_server(void)
{
	run_server(IPPROTO_MPTCP);
}

static void tcp_server(void)
{
	run_server(IPPROTO_TCP);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "mptcp", mptcp_client, mptcp_server },
		{ "mptcp-fallback", tcp_client, mptcp_server },
		{ "mptcp-fallback-client", mptcp_client, tcp_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
