/* Several processes at one socket: inherited by workers, or accepted by them from a shared listener. */
#include "traffic.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORKERS 4
#define PER_WORKER 2

/* The parent connects; four workers inherit the socket, each sends some, all keep it open. */
struct inherited {
	int fd;
	size_t index;
};

static uint64_t worker_bytes(size_t index)
{
	return 1009 + 100 * index;
}

static void send_as_worker(int link, const void *argument)
{
	const struct inherited *inherited = argument;

	send_all(inherited->fd, worker_bytes(inherited->index), 101);
	wake_link(link);
	await_link(link);
}

static uint64_t workers_bytes(void)
{
	uint64_t bytes = number_arg("bytes", 10007);

	for (size_t i = 0; i < WORKERS; i++)
		bytes += worker_bytes(i);
	return bytes;
}

static void workers4_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));
	struct worker workers[WORKERS];

	send_all(end.fd, number_arg("bytes", 10007), 1009);
	for (size_t i = 0; i < WORKERS; i++) {
		struct inherited inherited = { end.fd, i };
		workers[i] = fork_worker("tt-worker", send_as_worker, &inherited);
		end.owners[end.owner_count++] = workers[i].pid;
		await_link(workers[i].link);
	}
	end.tx = workers_bytes();
	settle(end.fd);
	report_endpoint(&end);
	say_ready();
	await_order("close");
	for (size_t i = 0; i < WORKERS; i++) {
		wake_link(workers[i].link);
		await_exit(&workers[i]);
	}
	close_first(&end);
}

static void workers4_server(void)
{
	serve_one(workers_bytes());
}

/* A parent listens; four children accept on the shared listener, and each owns what it accepted. */
static uint64_t connection_bytes(size_t index)
{
	return 1009 + 211 * index;
}

static void accept_some(int link, const void *argument)
{
	const int *listener = argument;
	struct endpoint ends[PER_WORKER];

	for (size_t i = 0; i < PER_WORKER; i++) {
		uint64_t index;
		ends[i] = endpoint_of("server", accept_from(*listener));
		recv_all(ends[i].fd, sizeof(index), sizeof(index));
		/* The client says first which of its connections this is. */
		memcpy(&index, buffer_of(sizeof(index)), sizeof(index));
		recv_all(ends[i].fd, connection_bytes(index), BUFFER_SIZE);
		ends[i].rx = sizeof(index) + connection_bytes(index);
		ends[i].tx = 101 + index;
		send_all(ends[i].fd, ends[i].tx, 101);
		settle(ends[i].fd);
		report_endpoint(&ends[i]);
	}
	/* Of the listener a worker keeps nothing: its connections tell who it is. */
	close(*listener);
	wake_link(link);
	await_link(link);
	for (size_t i = 0; i < PER_WORKER; i++)
		close_second(&ends[i]);
}

static void prefork_server(void)
{
	int listener = listen_on("127.0.0.1", IPPROTO_TCP);
	struct worker workers[WORKERS];

	for (size_t i = 0; i < WORKERS; i++)
		workers[i] = fork_worker("tt-worker", accept_some, &listener);
	tell_port(listener);
	for (size_t i = 0; i < WORKERS; i++)
		await_link(workers[i].link);
	say_ready();
	await_order("close");
	for (size_t i = 0; i < WORKERS; i++)
		wake_link(workers[i].link);
	for (size_t i = 0; i < WORKERS; i++)
		await_exit(&workers[i]);
	close(listener);
}

static void prefork_client(void)
{
	struct endpoint ends[WORKERS * PER_WORKER];
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct sockaddr_storage remote = parse_address("127.0.0.1", port);
	for (uint64_t i = 0; i < WORKERS * PER_WORKER; i++) {
		int fd = open_socket(&remote, IPPROTO_TCP);
		connect_to(fd, &remote);
		ends[i] = endpoint_of("client", fd);
		ends[i].tx = sizeof(i) + connection_bytes(i);
		ends[i].rx = 101 + i;
		memcpy(buffer_of(sizeof(i)), &i, sizeof(i));
		send_all(fd, sizeof(i), sizeof(i));
		send_all(fd, connection_bytes(i), 1009);
		recv_all(fd, ends[i].rx, BUFFER_SIZE);
		settle(fd);
		report_endpoint(&ends[i]);
	}
	say_ready();
	await_order("close");
	/* Each worker closes its own in its own order: all FINs first, then all ends. */
	for (size_t i = 0; i < WORKERS * PER_WORKER; i++)
		if (shutdown(ends[i].fd, SHUT_WR) != 0)
			fail("shutdown");
	for (size_t i = 0; i < WORKERS * PER_WORKER; i++)
		close_second(&ends[i]);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "workers4", workers4_client, workers4_server },
		{ "prefork", prefork_client, prefork_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
