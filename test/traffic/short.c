/*
 * n= connections one after another, each a distinct number of bytes each way, each over in well under a
 * millisecond; parallel= pairs of processes share them. Both ends close in order. Prints only "closed".
 */
#include "traffic.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One process's share: connections first, first + step, ... below n; all over one listener. */
struct share {
	uint64_t first;
	uint64_t step;
	struct sockaddr_storage remote;
	int listener;
};

static uint64_t count(void)
{
	return number_arg("n", 2000);
}

static uint64_t bytes_of(uint64_t index)
{
	return 1 + index * 7 % 9973;
}

static uint64_t reply_bytes_of(uint64_t index)
{
	return 1 + index * 5 % 4999;
}

static struct endpoint *allocate_ends(void)
{
	struct endpoint *ends = calloc(count(), sizeof(*ends));

	if (ends == NULL)
		fail("memory");
	return ends;
}

static uint64_t now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void connect_share(const struct share *share)
{
	struct endpoint *ends = allocate_ends();
	uint64_t used = 0;
	uint64_t longest_us = 0;
	uint64_t over_ms = 0;
	char json[256];

	for (uint64_t i = share->first; i < count(); i += share->step) {
		int fd = open_socket(&share->remote, IPPROTO_TCP);
		uint64_t start = now_us();
		connect_to(fd, &share->remote);
		struct endpoint end = endpoint_of("client", fd);
		end.tx = sizeof(i) + bytes_of(i);
		end.rx = reply_bytes_of(i);
		/* The first bytes tell the server which connection this is. */
		*(uint64_t *)buffer_of(BUFFER_SIZE) = i;
		send_all(fd, end.tx, BUFFER_SIZE);
		if (shutdown(fd, SHUT_WR) != 0)
			fail("shutdown");
		recv_all(fd, end.rx, BUFFER_SIZE);
		expect_eof(fd);
		close(fd);
		uint64_t lasted_us = now_us() - start;
		longest_us = lasted_us > longest_us ? lasted_us : longest_us;
		over_ms += lasted_us > 1000 ? 1 : 0;
		ends[used++] = end;
	}
	for (uint64_t i = 0; i < used; i++)
		report_final(&ends[i], "fin");
	snprintf(json, sizeof(json),
		 "{\"event\":\"lasted\",\"connections\":%llu,\"longest_us\":%llu,\"over_a_millisecond\":%llu}",
		 (unsigned long long)used, (unsigned long long)longest_us, (unsigned long long)over_ms);
	report_line('L', json);
	free(ends);
}

static void accept_share(const struct share *share)
{
	struct endpoint *ends = allocate_ends();
	uint64_t used = 0;
	uint64_t *index = buffer_of(BUFFER_SIZE);

	for (uint64_t i = share->first; i < count(); i += share->step) {
		struct endpoint end = endpoint_of("server", accept_from(share->listener));
		recv_all(end.fd, sizeof(*index), sizeof(*index));
		uint64_t connection = *index;
		recv_all(end.fd, bytes_of(connection), BUFFER_SIZE);
		expect_eof(end.fd);
		end.rx = sizeof(*index) + bytes_of(connection);
		end.tx = reply_bytes_of(connection);
		send_all(end.fd, end.tx, BUFFER_SIZE);
		close(end.fd);
		ends[used++] = end;
	}
	for (uint64_t i = 0; i < used; i++)
		report_final(&ends[i], "fin");
	free(ends);
}

static void connect_worker(int link, const void *argument)
{
	(void)link;
	connect_share(argument);
}

static void accept_worker(int link, const void *argument)
{
	(void)link;
	accept_share(argument);
}

/* Runs the shares in workers, or the only one in the role itself. */
static void run_shares(struct share share, const char *comm, void (*body)(int link, const void *argument))
{
	share.step = number_arg("parallel", 1);
	if (share.step <= 1) {
		share.step = 1;
		body(-1, &share);
		return;
	}
	struct worker *workers = calloc(share.step, sizeof(*workers));
	if (workers == NULL)
		fail("memory");
	for (share.first = 0; share.first < share.step; share.first++)
		workers[share.first] = fork_worker(comm, body, &share);
	for (uint64_t i = 0; i < share.step; i++) {
		int status;
		errno = 0;
		if (waitpid(workers[i].pid, &status, 0) < 0 || status != 0)
			fail("a worker failed");
	}
	free(workers);
}

static void client(void)
{
	uint16_t port;

	hear_peer(&port, sizeof(port));
	run_shares((struct share){ .remote = parse_address("127.0.0.1", port), .listener = -1 }, "tt-client",
		   connect_worker);
}

static void server(void)
{
	int listener = listen_on("127.0.0.1", IPPROTO_TCP);

	tell_port(listener);
	run_shares((struct share){ .listener = listener }, "tt-server", accept_worker);
	close(listener);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "short", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
