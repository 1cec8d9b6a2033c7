/*
 * `hold N` opens N idle TCP connections on loopback (2 N sockets) and holds them until the end of stdin. It prints
 * "opened N" when all are there; to the order "move K" it moves 100 bytes and back 200 on K of them, then prints "moved K".
 *
 * Processes share the connections, each both ends of its own, so that the limit on descriptors (asked for here) is no
 * limit on N; each has a 127.0.1.x of its own, so that neither are ports. Every end closes with RST: tens of thousands
 * of TIME_WAIT would disturb what is measured next.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIN_WORKERS 4
#define MAX_WORKERS 200
/* Standard streams, the line to the parent, the listener, and some room. */
#define OTHER_DESCRIPTORS 64
#define REQUEST_BYTES 100
#define REPLY_BYTES 200

struct connection {
	int client;
	int server;
};

struct worker {
	pid_t pid;
	int link;
	size_t connections;
};

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...)
{
	va_list arguments;
	int error = errno;

	va_start(arguments, format);
	fputs("hold: ", stderr);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s\n", strerror(error));
	exit(1);
}

/* Raises the limit on descriptors as far as it goes. */
static size_t descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		fail("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		fail("setrlimit");
	return limit.rlim_cur;
}

static size_t workers_for(size_t connections)
{
	size_t each = (descriptor_limit() - OTHER_DESCRIPTORS) / 2;
	size_t workers = (connections + each - 1) / each;

	if (workers > MAX_WORKERS) {
		errno = EMFILE;
		fail("%zu connections", connections);
	}
	return workers < MIN_WORKERS ? MIN_WORKERS : workers;
}

/* What worker `index` of `count` has of `total`. */
static size_t part_of(size_t total, size_t index, size_t count)
{
	return total / count + (index < total % count ? 1 : 0);
}

static void move(int from, int to, size_t length)
{
	static char bytes[REPLY_BYTES];

	if (send(from, bytes, length, 0) != (ssize_t)length || recv(to, bytes, length, MSG_WAITALL) != (ssize_t)length)
		fail("moving bytes");
}

static void close_with_reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) != 0)
		fail("SO_LINGER");
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

static struct connection open_connection(int listener, const struct sockaddr_in *address)
{
	struct connection connection;

	connection.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection.client < 0 || connect(connection.client, (const struct sockaddr *)address, sizeof(*address)) != 0)
		fail("connecting");
	connection.server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (connection.server < 0)
		fail("accepting");
	close_with_reset(connection.client);
	close_with_reset(connection.server);
	return connection;
}

/* Opens its connections, then moves bytes on as many of them as its parent says, until the parent goes. */
static _Noreturn void work(int link, size_t index, size_t count)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(0x7f000101 + (uint32_t)index) };
	struct connection *connections = calloc(count + 1, sizeof(*connections));
	int listener = listen_on(&address);
	size_t active = 0;

	if (connections == NULL)
		fail("memory");
	for (size_t i = 0; i < count; i++)
		connections[i] = open_connection(listener, &address);
	do {
		for (size_t i = 0; i < active; i++) {
			move(connections[i].client, connections[i].server, REQUEST_BYTES);
			move(connections[i].server, connections[i].client, REPLY_BYTES);
		}
		if (write(link, "", 1) != 1)
			break;
	} while (read(link, &active, sizeof(active)) == sizeof(active));
	_exit(0);
}

static struct worker start_worker(size_t index, size_t connections)
{
	struct worker worker = { .connections = connections };
	pid_t parent = getpid();
	int links[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links) != 0)
		fail("socketpair");
	worker.link = links[0];
	worker.pid = fork();
	if (worker.pid < 0)
		fail("fork");
	if (worker.pid == 0) {
		/* The parent may have gone before this line. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
			_exit(1);
		close(links[0]);
		work(links[1], index, connections);
	}
	close(links[1]);
	return worker;
}

static void await_all(const struct worker *workers, size_t count)
{
	char byte;

	for (size_t i = 0; i < count; i++)
		if (read(workers[i].link, &byte, 1) != 1)
			fail("a worker ended");
}

static void move_on(const struct worker *workers, size_t count, size_t active)
{
	for (size_t i = 0; i < count; i++) {
		size_t part = part_of(active, i, count);
		if (part > workers[i].connections)
			part = workers[i].connections;
		if (write(workers[i].link, &part, sizeof(part)) != sizeof(part))
			fail("a worker ended");
	}
	await_all(workers, count);
}

static void say(const char *what, size_t count)
{
	if (printf("%s %zu\n", what, count) < 0 || fflush(stdout) != 0)
		fail("stdout");
}

int main(int argc, char **argv)
{
	size_t connections = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct worker workers[MAX_WORKERS];
	size_t count, active;

	signal(SIGPIPE, SIG_IGN);
	count = workers_for(connections);
	for (size_t i = 0; i < count; i++)
		workers[i] = start_worker(i, part_of(connections, i, count));
	await_all(workers, count);
	say("opened", connections);
	while (scanf(" move %zu", &active) == 1) {
		move_on(workers, count, active);
		say("moved", active);
	}
	for (size_t i = 0; i < count; i++)
		close(workers[i].link);
	for (size_t i = 0; i < count; i++)
		waitpid(workers[i].pid, NULL, 0);
	return 0;
}
