/* One socket that several use at the same time: two threads with a peer each, two processes with the same peer. */
#define _GNU_SOURCE
#include "datagram.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

static void receive_many(struct udp_socket *socket, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		udp_receive(socket, BUFFER_SIZE, 0, NULL);
}

/* threads */
#define THREADS 2

struct sender {
	pthread_t thread;
	int fd;
	/* Made before: no thread changes the table of flows. */
	struct flow *flow;
	pthread_barrier_t *start;
	size_t bytes;
};

static uint64_t datagrams(void)
{
	return number_arg("n", 3000);
}

static void *send_as_thread(void *argument)
{
	static const char payload[1024];
	struct sender *sender = argument;
	const struct sockaddr *to = (const struct sockaddr *)&sender->flow->remote;

	pthread_barrier_wait(sender->start);
	for (uint64_t i = 0; i < datagrams(); i++) {
		ssize_t count = sendto(sender->fd, payload, sender->bytes + i % 7, MSG_NOSIGNAL, to,
				       address_length(&sender->flow->remote));
		if (count < 0)
			fail("sendto");
		sender->flow->tx += (uint64_t)count;
	}
	return NULL;
}

static void threads_client(void)
{
	struct sender senders[THREADS];
	pthread_barrier_t start;
	struct sockaddr_storage remotes[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		remotes[i] = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remotes[0]);
	pthread_barrier_init(&start, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++) {
		senders[i] = (struct sender){ .fd = socket.end.fd, .start = &start, .bytes = i == 0 ? 101 : 707 };
		senders[i].flow = flow_of(&socket, &remotes[i]);
	}
	for (size_t i = 0; i < THREADS; i++) {
		errno = pthread_create(&senders[i].thread, NULL, send_as_thread, &senders[i]);
		if (errno != 0)
			fail("pthread_create");
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(senders[i].thread, NULL);
	meet();
	udp_hold(&socket, 1);
}

static void threads_server(void)
{
	struct udp_socket sockets[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		sockets[i] = udp_served("127.0.0.1");
	meet();
	for (size_t i = 0; i < THREADS; i++)
		receive_many(&sockets[i], datagrams());
	udp_hold(sockets, THREADS);
}

/* fork: parent and child send on the socket that the parent opened, at the same time; both keep it. */
#define PARENT_DATAGRAMS 211
#define CHILD_DATAGRAMS 307

struct inherited {
	struct udp_socket *socket;
	struct sockaddr_storage remote;
};

static void send_many(struct udp_socket *socket, const struct sockaddr_storage *to, size_t count, size_t bytes)
{
	for (size_t i = 0; i < count; i++)
		udp_send(socket, to, bytes + i);
}

static void send_as_child(int link, const void *argument)
{
	const struct inherited *inherited = argument;
	struct udp_socket *socket = inherited->socket;

	wake_link(link);
	send_many(socket, &inherited->remote, CHILD_DATAGRAMS, 53);
	write_full(link, &flow_of(socket, &inherited->remote)->tx, sizeof(uint64_t));
	await_link(link);
}

static void fork_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);
	struct inherited inherited = { &socket, remote };
	uint64_t bytes_of_child;

	struct worker child = fork_worker("tt-worker", send_as_child, &inherited);
	socket.end.owners[socket.end.owner_count++] = child.pid;
	await_link(child.link);
	send_many(&socket, &remote, PARENT_DATAGRAMS, 101);
	read_full(child.link, &bytes_of_child, sizeof(bytes_of_child));
	flow_of(&socket, &remote)->tx += bytes_of_child;
	meet();
	udp_report(&socket);
	say_ready();
	await_order("close");
	wake_link(child.link);
	await_exit(&child);
	udp_close(&socket);
	udp_report_closed(&socket, false);
}

static void fork_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");

	meet();
	receive_many(&socket, PARENT_DATAGRAMS + CHILD_DATAGRAMS);
	udp_hold(&socket, 1);
}

const struct traffic_case shared_cases[] = {
	{ "threads", threads_client, threads_server },
	{ "fork", fork_client, fork_server },
	{ NULL, NULL, NULL },
};
