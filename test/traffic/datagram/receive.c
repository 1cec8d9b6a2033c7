/* Receives that take no bytes, too few, or have no name; and a receive buffer that overflows. */
#define _GNU_SOURCE
#include "datagram.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>

#define DATAGRAMS 23

/* What every client here does: DATAGRAMS, each a byte longer, then one answer. */
static void send_some(size_t bytes)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);

	for (size_t i = 0; i < DATAGRAMS; i++)
		udp_send(&socket, &remote, bytes + i);
	meet();
	udp_receive(&socket, BUFFER_SIZE, 0, NULL);
	udp_hold(&socket, 1);
}

static void answer_and_hold(struct udp_socket *socket, const struct sockaddr_storage *to)
{
	udp_send(socket, to, 53);
	udp_hold(socket, 1);
}

/*
 * slow: the server reads nothing before all n= have come, which its buffer (rcvbuf=) can't hold; over loopback the
 * kernel has dropped what it drops when send returns.
 */
static void slow_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);

	for (uint64_t i = 0; i < number_arg("n", 500); i++)
		udp_send(&socket, &remote, number_arg("bytes", 500));
	meet();
	udp_hold(&socket, 1);
}

static void slow_server(void)
{
	struct sockaddr_storage local = parse_address("127.0.0.1", 0);
	struct udp_socket socket = udp_bound("server", &local);
	uint64_t got = 0;

	set_option(socket.end.fd, SOL_SOCKET, SO_RCVBUF, (int)number_arg("rcvbuf", 4096));
	tell_port(socket.end.fd);
	meet();
	while (recv(socket.end.fd, buffer_of(1), 1, MSG_PEEK | MSG_DONTWAIT) >= 0) {
		udp_receive(&socket, BUFFER_SIZE, 0, NULL);
		got++;
	}
	uint32_t drops = udp_drops(&socket);
	errno = 0;
	if (drops == 0 || got + drops != number_arg("n", 500))
		fail("%" PRIu64 " received and %u dropped", got, drops);
	udp_hold(&socket, 1);
}

/* peek: each datagram is looked at in several ways before it is read. */
static void peek_client(void)
{
	send_some(101);
}

static void peek_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");
	struct sockaddr_storage from;

	meet();
	for (size_t i = 0; i < DATAGRAMS; i++) {
		udp_receive(&socket, BUFFER_SIZE, MSG_PEEK, NULL);
		udp_receive(&socket, 1, MSG_PEEK | MSG_TRUNC, NULL);
		udp_receive_unnamed(&socket, BUFFER_SIZE, MSG_PEEK);
		udp_receive(&socket, BUFFER_SIZE, 0, &from);
	}
	answer_and_hold(&socket, &from);
}

/* trunc: buffers that are too short. A call returns what it copied, or, with MSG_TRUNC, the datagram's whole length. */
#define SHORT_BYTES 100

static void expect_count(size_t got, size_t wanted)
{
	errno = 0;
	if (got != wanted)
		fail("the call returned %zu, not %zu", got, wanted);
}

static void trunc_client(void)
{
	send_some(1001);
}

static void trunc_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");
	struct sockaddr_storage from;

	meet();
	for (size_t i = 0; i < DATAGRAMS; i++) {
		bool whole = i % 2 == 0;
		size_t got = udp_receive(&socket, SHORT_BYTES, whole ? MSG_TRUNC : 0, &from);
		expect_count(got, whole ? 1001 + i : SHORT_BYTES);
	}
	answer_and_hold(&socket, &from);
}

/* unnamed: every second receive asks for no name; these have no peer. */
static void unnamed_client(void)
{
	send_some(101);
}

static void unnamed_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");
	struct sockaddr_storage from;

	meet();
	for (size_t i = 0; i < DATAGRAMS; i++) {
		if (i % 2 == 0)
			udp_receive(&socket, BUFFER_SIZE, 0, &from);
		else
			udp_receive_unnamed(&socket, BUFFER_SIZE, 0);
	}
	answer_and_hold(&socket, &from);
}

const struct traffic_case receive_cases[] = {
	{ "slow", slow_client, slow_server },
	{ "peek", peek_client, peek_server },
	{ "trunc", trunc_client, trunc_server },
	{ "unnamed", unnamed_client, unnamed_server },
	{ NULL, NULL, NULL },
};
