/* Waiting until what was sent has arrived, and ends of connections that are certain. */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SETTLE_MS 30000

static uint64_t queue_length(int fd, unsigned long request)
{
	int length;

	if (ioctl(fd, request, &length) != 0)
		fail("ioctl %lx", request);
	return (uint64_t)length;
}

uint64_t unacked_bytes(int fd)
{
	return queue_length(fd, SIOCOUTQ);
}

uint64_t unsent_bytes(int fd)
{
	return queue_length(fd, SIOCOUTQNSD);
}

uint64_t unread_bytes(int fd)
{
	return queue_length(fd, FIONREAD);
}

void settle(int fd)
{
	struct deadline deadline = deadline_in(SETTLE_MS, "all that was sent to be acknowledged");

	while (unacked_bytes(fd) > 0)
		deadline_tick(&deadline);
}

void await_unread(int fd, uint64_t length)
{
	struct deadline deadline = deadline_in(SETTLE_MS, "bytes to lie unread");

	while (unread_bytes(fd) != length)
		deadline_tick(&deadline);
}

void expect_eof(int fd)
{
	char byte;
	ssize_t count = recv(fd, &byte, 1, 0);

	if (count > 0)
		errno = 0;
	if (count != 0)
		fail("expected the peer's FIN");
}

void expect_reset(int fd)
{
	char byte;

	errno = 0;
	if (recv(fd, &byte, 1, 0) >= 0 || errno != ECONNRESET)
		fail("expected the peer's RST");
}

void close_with_reset(int fd)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) != 0)
		fail("SO_LINGER");
	close(fd);
}

void close_first(struct endpoint *endpoint)
{
	if (shutdown(endpoint->fd, SHUT_WR) != 0)
		fail("shutdown");
	expect_eof(endpoint->fd);
	close(endpoint->fd);
	endpoint->fd = -1;
	report_final(endpoint, "fin");
}

void close_second(struct endpoint *endpoint)
{
	expect_eof(endpoint->fd);
	close(endpoint->fd);
	endpoint->fd = -1;
	report_final(endpoint, "fin");
}

/* Whether /proc/net/tcp has the peer as a mini-socket (timer 3) in FIN_WAIT2. */
static bool peer_is_mini_socket(const struct endpoint *endpoint)
{
	FILE *table = fopen("/proc/net/tcp", "re");
	char line[512];
	bool found = false;

	if (table == NULL)
		fail("/proc/net/tcp");
	while (!found && fgets(line, sizeof(line), table) != NULL) {
		unsigned int local, remote, state, timer;
		if (sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%x %x %*x:%*x %x:", &local, &remote, &state, &timer) == 4)
			found = local == port_of(&endpoint->remote) && remote == port_of(&endpoint->local) && state == 5 &&
				timer == 3;
	}
	fclose(table);
	return found;
}

void await_peer_mini_socket(const struct endpoint *endpoint)
{
	struct deadline deadline = deadline_in(SETTLE_MS, "the peer's socket to become a FIN_WAIT2 mini-socket");

	/* The ACK of a FIN may be delayed so long that it rides on our own FIN. */
	set_option(endpoint->fd, IPPROTO_TCP, TCP_QUICKACK, 1);
	while (!peer_is_mini_socket(endpoint))
		deadline_tick(&deadline);
}

void serve_one(uint64_t bytes)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = bytes;
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_second(&end);
}
