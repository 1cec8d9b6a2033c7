/*
 * Connections that a listener holds and that no process has accepted: n= of them, with bytes= and more unread, in
 * an accept queue for backlog=; half=1 shuts the clients' direction. At the order "accept" the server accepts all and reads; at the order "close" it
 * closes what it accepted, or, where it did not, the listener: then the kernel resets what was in the queue.
 */
#include "traffic.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 16

static size_t count(void)
{
	uint64_t n = number_arg("n", 1);

	if (n > MOST)
		fail("at most %d connections", MOST);
	return (size_t)n;
}

static uint64_t bytes_of(size_t index)
{
	return number_arg("bytes", 10007) + index * 101;
}

static void report_all(const struct endpoint ends[])
{
	for (size_t i = 0; i < count(); i++)
		report_endpoint(&ends[i]);
	say_ready();
}

static void close_reset(struct endpoint *end)
{
	expect_reset(end->fd);
	close(end->fd);
	end->fd = -1;
	report_final(end, "reset_by_peer");
}

/* Whether the client shut its direction long ago: then there is none to shut first, and the server may end it at once. */
static bool is_half_shut(void)
{
	return number_arg("half", 0) != 0;
}

static void client(void)
{
	struct endpoint ends[MOST];
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct sockaddr_storage remote = parse_address("127.0.0.1", port);
	for (size_t i = 0; i < count(); i++) {
		int fd = open_socket(&remote, IPPROTO_TCP);
		connect_to(fd, &remote);
		ends[i] = endpoint_of("client", fd);
		ends[i].tx = bytes_of(i);
		send_all(fd, ends[i].tx, 1009);
		if (is_half_shut() && shutdown(fd, SHUT_WR) != 0)
			fail("shutdown");
		settle(fd);
	}
	report_all(ends);
	bool accepted = strcmp(next_order(), "accept") == 0;
	if (accepted) {
		report_all(ends);
		await_order("close");
	}
	for (size_t i = 0; i < count(); i++) {
		if (!accepted)
			close_reset(&ends[i]);
		else if (is_half_shut())
			close_second(&ends[i]);
		else
			close_first(&ends[i]);
	}
}

static void server(void)
{
	struct endpoint ends[MOST];
	int listener = listen_on("127.0.0.1", IPPROTO_TCP);

	if (listen(listener, (int)number_arg("backlog", 128)) != 0)
		fail("listen");
	tell_port(listener);
	say_ready();
	if (strcmp(next_order(), "accept") != 0) {
		close(listener);
		return;
	}
	for (size_t i = 0; i < count(); i++) {
		/* They come in the order in which the client opened them. */
		ends[i] = endpoint_of("server", accept_from(listener));
		ends[i].rx = bytes_of(i);
		recv_all(ends[i].fd, ends[i].rx, BUFFER_SIZE);
	}
	report_all(ends);
	await_order("close");
	for (size_t i = 0; i < count(); i++)
		close_second(&ends[i]);
	close(listener);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "queued", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
