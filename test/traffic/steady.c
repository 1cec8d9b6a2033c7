/*
 * Traffic that goes on in one way until the program ends: "push" writes chunk= bytes every every_ms= milliseconds (0: as
 * fast as it can; with nodelay=1 also what is less than a segment), with a send buffer of sndbuf= bytes where that is given, to a server that reads all, or with reads=0
 * nothing; "rest" moves nothing.
 */
#include "traffic.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static void report_ready(const char *side, int fd)
{
	struct endpoint end = endpoint_of(side, fd);

	report_endpoint(&end);
	/* What is told is of a connection on which nothing has moved. */
	meet();
	say_ready();
}

static void push_client(void)
{
	size_t chunk = number_arg("chunk", 65536);
	unsigned int every_ms = number_arg("every_ms", 0);
	int sndbuf = number_arg("sndbuf", 0);
	int fd = connect_one("127.0.0.1");
	void *bytes = buffer_of(chunk);

	/* Else less than a segment waits for an ACK (Nagle). */
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, number_arg("nodelay", 0));
	if (sndbuf > 0)
		set_option(fd, SOL_SOCKET, SO_SNDBUF, sndbuf);
	report_ready("client", fd);
	for (;;) {
		write_full(fd, bytes, chunk);
		if (every_ms > 0)
			sleep_ms(every_ms);
	}
}

static void push_server(void)
{
	int fd = accept_one("127.0.0.1");

	report_ready("server", fd);
	while (number_arg("reads", 1))
		recv_all(fd, BUFFER_SIZE, BUFFER_SIZE);
	await_order("close");
}

static void rest_client(void)
{
	report_ready("client", connect_one("127.0.0.1"));
	await_order("close");
}

static void rest_server(void)
{
	report_ready("server", accept_one("127.0.0.1"));
	await_order("close");
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "push", push_client, push_server },
		{ "rest", rest_client, rest_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
