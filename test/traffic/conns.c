/*
 * n= idle connections on loopback, for benchmarks; active= of them send bytes= each second, until the order
 * "close" or the end of stdin, at most timeout= seconds. Pairs of processes share them, so that a limit of
 * 20,000 descriptors is enough for any number; each pair has its own 127.0.0.x, so that ports are enough.
 * Reports {"event":"opened","connections":N} and no ends.
 */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define PER_PAIR 10000
/* Below the listener's backlog: a full one would cost a second for each retried SYN. */
#define PER_STEP 1000

struct share {
	size_t index;
	uint64_t connections;
	uint64_t active;
};

static size_t pair_count(void)
{
	return (size_t)((number_arg("n", 1000) + PER_PAIR - 1) / PER_PAIR);
}

/* What the pair has of `total`, where the first pairs are filled up to PER_PAIR. */
static uint64_t part_of(uint64_t total, size_t index)
{
	uint64_t before = (uint64_t)index * PER_PAIR;

	if (total <= before)
		return 0;
	return total - before < PER_PAIR ? total - before : PER_PAIR;
}

static void address_of_pair(char text[16], size_t index)
{
	snprintf(text, 16, "127.0.0.%u", (unsigned int)(index % 250 + 1));
}

static void connect_share(int link, const void *argument)
{
	const struct share *share = argument;
	int *fds = calloc(share->connections, sizeof(*fds));
	char text[16];
	uint16_t port;
	char byte = 0;

	raise_descriptor_limit();
	address_of_pair(text, share->index);
	read_full(link, &port, sizeof(port));
	struct sockaddr_storage remote = parse_address(text, port);
	if (fds == NULL)
		fail("memory");
	for (uint64_t i = 0; i < share->connections; i++) {
		fds[i] = open_socket(&remote, IPPROTO_TCP);
		connect_to(fds[i], &remote);
		/* The role counts a byte for each step, and lets the next one begin when the server is as far. */
		if ((i + 1) % PER_STEP == 0 || i + 1 == share->connections) {
			write_full(link, &byte, 1);
			read_full(link, &byte, 1);
		}
	}
	struct pollfd wait = { .fd = link, .events = POLLIN };
	while (poll(&wait, 1, 1000) == 0)
		for (uint64_t i = 0; i < share->active; i++)
			send_all(fds[i], number_arg("bytes", 100), BUFFER_SIZE);
	/* RST: thousands of TIME_WAIT would disturb who measures next. */
	for (uint64_t i = 0; i < share->connections; i++)
		close_with_reset(fds[i]);
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data = { .fd = fd } };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		fail("epoll");
}

static void accept_share(int link, const void *argument)
{
	const struct share *share = argument;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	char text[16];
	char byte = 0;
	struct sockaddr_storage local;
	socklen_t length = sizeof(local);

	raise_descriptor_limit();
	address_of_pair(text, share->index);
	int listener = listen_on(text, IPPROTO_TCP);
	if (getsockname(listener, (struct sockaddr *)&local, &length) != 0)
		fail("getsockname");
	uint16_t port = port_of(&local);
	write_full(link, &port, sizeof(port));
	for (uint64_t i = 0; i < share->connections; i++) {
		watch(epoll, accept_from(listener));
		if ((i + 1) % PER_STEP == 0 || i + 1 == share->connections)
			write_full(link, &byte, 1);
	}
	watch(epoll, link);
	for (;;) {
		struct epoll_event events[256];
		int ready = epoll_wait(epoll, events, 256, -1);
		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			if (fd == link)
				return;
			if (recv(fd, buffer_of(BUFFER_SIZE), BUFFER_SIZE, MSG_DONTWAIT) <= 0 && errno != EAGAIN)
				close(fd);
		}
	}
}

static struct worker *fork_shares(const char *comm, void (*body)(int link, const void *argument))
{
	struct worker *workers = calloc(pair_count(), sizeof(*workers));

	if (workers == NULL)
		fail("memory");
	for (size_t i = 0; i < pair_count(); i++) {
		struct share share = { i, part_of(number_arg("n", 1000), i), part_of(number_arg("active", 0), i) };
		workers[i] = fork_worker(comm, body, &share);
	}
	return workers;
}

static uint64_t steps_of(size_t index)
{
	return (part_of(number_arg("n", 1000), index) + PER_STEP - 1) / PER_STEP;
}

static void end_shares(struct worker *workers)
{
	char byte = 0;

	for (size_t i = 0; i < pair_count(); i++)
		write_full(workers[i].link, &byte, 1);
	for (size_t i = 0; i < pair_count(); i++)
		waitpid(workers[i].pid, NULL, 0);
	free(workers);
}

static void client(void)
{
	struct worker *workers = fork_shares("tt-client", connect_share);
	char json[128];
	char byte = 0;

	for (size_t i = 0; i < pair_count(); i++) {
		uint16_t port;
		hear_peer(&port, sizeof(port));
		write_full(workers[i].link, &port, sizeof(port));
		for (uint64_t step = 0; step < steps_of(i); step++) {
			read_full(workers[i].link, &byte, 1);
			meet();
			write_full(workers[i].link, &byte, 1);
		}
	}
	snprintf(json, sizeof(json), "{\"event\":\"opened\",\"connections\":%llu}",
		 (unsigned long long)number_arg("n", 1000));
	report_line('L', json);
	say_ready();
	await_order("close");
	end_shares(workers);
	/* The server's processes go when the connections are gone. */
	meet();
}

static void server(void)
{
	struct worker *workers = fork_shares("tt-server", accept_share);
	char byte;

	for (size_t i = 0; i < pair_count(); i++) {
		uint16_t port;
		read_full(workers[i].link, &port, sizeof(port));
		tell_peer(&port, sizeof(port));
		for (uint64_t step = 0; step < steps_of(i); step++) {
			read_full(workers[i].link, &byte, 1);
			meet();
		}
	}
	say_ready();
	await_order("close");
	meet();
	end_shares(workers);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "conns", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
