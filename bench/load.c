/*
 * `load connections` opens and closes TCP connections on loopback, one after another, as fast as it can;
 * `load exchanges` sends a small request and a large reply back and forth on one connection. `load datagrams` sends a small
 * datagram and a large one back between two connected UDP sockets; `load named-datagrams` does so between two that are
 * not connected, and name the peer in each call. For each line on stdin it prints "<done so far> <wall clock, ns>
 * <CPU time spent, ns>"; it ends with stdin.
 *
 * One thread has both ends: on loopback the other end's work is done within send(), so nothing waits for a scheduler, and
 * its CPU time is all that the traffic costs.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_BYTES 64
#define REPLY_BYTES 16384
/* As QUIC's: the largest that fits an Ethernet frame, or nearly. */
#define DATAGRAM_BYTES 1400

static atomic_uint_fast64_t done;
static char bytes[REPLY_BYTES];

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void move(int from, int to, size_t length)
{
	if (send(from, bytes, length, 0) != (ssize_t)length || recv(to, bytes, length, MSG_WAITALL) != (ssize_t)length)
		fail("moving bytes");
}

static int listen_on(struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)address, length) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)address, &length) != 0)
		fail("listening");
	return fd;
}

static int connect_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		fail("connecting");
	return fd;
}

static int accept_from(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		fail("accepting");
	return fd;
}

/*
 * A connection of one request and one reply. The server's end goes through FIN_WAIT1 and FIN_WAIT2, the client's through
 * CLOSE_WAIT; then a RST spares the TIME_WAIT, of which a minute of this would leave more than there are ports.
 */
static void connect_and_close(int listener, const struct sockaddr_in *address)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	int client = connect_to(address);
	int server = accept_from(listener);

	move(client, server, REQUEST_BYTES);
	move(server, client, REQUEST_BYTES);
	if (shutdown(server, SHUT_WR) != 0 || recv(client, bytes, 1, 0) != 0 ||
	    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) != 0)
		fail("closing");
	close(client);
	close(server);
}

static int udp_socket(struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)address, length) != 0 ||
	    getsockname(fd, (struct sockaddr *)address, &length) != 0)
		fail("binding");
	return fd;
}

/* `to` names the receiver, or is NULL between connected sockets; then the receiver asks for no name either. */
static void send_datagram(int from, int into, const struct sockaddr_in *to, size_t bytes_sent)
{
	struct sockaddr_in sender;
	socklen_t length = sizeof(sender);

	if (sendto(from, bytes, bytes_sent, 0, (const struct sockaddr *)to, to ? sizeof(*to) : 0) != (ssize_t)bytes_sent ||
	    recvfrom(into, bytes, sizeof(bytes), 0, to ? (struct sockaddr *)&sender : NULL, to ? &length : NULL) !=
		    (ssize_t)bytes_sent)
		fail("a datagram");
}

static _Noreturn void exchange_datagrams(int is_named)
{
	struct sockaddr_in client_address, server_address;
	int client = udp_socket(&client_address);
	int server = udp_socket(&server_address);

	if (!is_named && (connect(client, (struct sockaddr *)&server_address, sizeof(server_address)) != 0 ||
			  connect(server, (struct sockaddr *)&client_address, sizeof(client_address)) != 0))
		fail("connecting");
	for (;; atomic_fetch_add(&done, 1)) {
		send_datagram(client, server, is_named ? &server_address : NULL, REQUEST_BYTES);
		send_datagram(server, client, is_named ? &client_address : NULL, DATAGRAM_BYTES);
	}
}

/* Answers lines on stdin beside the thread that works. */
static void *answer(void *worker)
{
	clockid_t cpu_clock = *(clockid_t *)worker;
	struct timespec wall, cpu;
	char line[64];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		uint_fast64_t count = atomic_load(&done);
		clock_gettime(CLOCK_MONOTONIC, &wall);
		clock_gettime(cpu_clock, &cpu);
		printf("%llu %lld%09ld %lld%09ld\n", (unsigned long long)count, (long long)wall.tv_sec, wall.tv_nsec,
		       (long long)cpu.tv_sec, cpu.tv_nsec);
		fflush(stdout);
	}
	exit(0);
}

static void start_answering(void)
{
	static clockid_t cpu_clock;
	pthread_t thread;

	errno = pthread_getcpuclockid(pthread_self(), &cpu_clock);
	if (errno == 0)
		errno = pthread_create(&thread, NULL, answer, &cpu_clock);
	if (errno != 0)
		fail("thread");
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = listen_on(&address);

	start_answering();
	if (argc == 2 && strcmp(argv[1], "connections") == 0) {
		for (;; atomic_fetch_add(&done, 1))
			connect_and_close(listener, &address);
	}
	if (argc == 2 && strcmp(argv[1], "exchanges") == 0) {
		int client = connect_to(&address);
		int server = accept_from(listener);
		for (;; atomic_fetch_add(&done, 1)) {
			move(client, server, REQUEST_BYTES);
			move(server, client, REPLY_BYTES);
		}
	}
	if (argc == 2 && strcmp(argv[1], "datagrams") == 0)
		exchange_datagrams(0);
	if (argc == 2 && strcmp(argv[1], "named-datagrams") == 0)
		exchange_datagrams(1);
	errno = EINVAL;
	fail("connections, exchanges, datagrams or named-datagrams");
}
