/*
 * `crowd N D` starts N processes with D open descriptors each, and holds them until the end of stdin: two are the ends of a
 * TCP connection of the process's own, the rest /dev/null. It prints "opened N" when all are there.
 *
 * Both ends are in the process, and close with RST, as in hold.c. A process is as small as can be: one page or two of
 * its own, and the descriptors.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of one address there are 28,000 ports to connect from. */
#define CONNECTIONS_PER_ADDRESS 10000

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
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

static void close_with_reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) != 0)
		fail("SO_LINGER");
}

/* Leaves both ends of a connection open. */
static void connect_to(int listener, const struct sockaddr_in *address)
{
	int client = socket(AF_INET, SOCK_STREAM, 0);
	int server;

	if (client < 0 || connect(client, (const struct sockaddr *)address, sizeof(*address)) != 0)
		fail("connecting");
	server = accept(listener, NULL, NULL);
	if (server < 0)
		fail("accepting");
	close_with_reset(client);
	close_with_reset(server);
}

static _Noreturn void live(int listener, const struct sockaddr_in *address, size_t descriptors, int ready, pid_t parent)
{
	/* The parent may have gone before this line. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	connect_to(listener, address);
	close(listener);
	/* Standard streams, `ready` and the two ends are there. */
	for (size_t held = 6; held < descriptors; held++)
		if (open("/dev/null", O_RDONLY) < 0)
			fail("/dev/null");
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* Else the parent would wait for ever for the one that ended. */
static void on_death(int signal)
{
	(void)signal;
	_exit(1);
}

int main(int argc, char **argv)
{
	size_t processes = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	size_t descriptors = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct sockaddr_in address = { .sin_family = AF_INET };
	pid_t *pids = calloc(processes + 1, sizeof(*pids));
	pid_t self = getpid();
	int listener = -1, ready[2];
	char byte;

	signal(SIGCHLD, on_death);
	if (pids == NULL || pipe2(ready, O_CLOEXEC) != 0)
		fail("starting");
	for (size_t i = 0; i < processes; i++) {
		if (i % CONNECTIONS_PER_ADDRESS == 0) {
			close(listener);
			address.sin_addr.s_addr = htonl(0x7f020001 + (uint32_t)(i / CONNECTIONS_PER_ADDRESS));
			address.sin_port = 0;
			listener = listen_on(&address);
		}
		pids[i] = fork();
		if (pids[i] < 0)
			fail("fork");
		if (pids[i] == 0)
			live(listener, &address, descriptors, ready[1], self);
		/* One after another: each accepts its own connection. */
		if (read(ready[0], &byte, 1) != 1)
			fail("a process ended");
	}
	if (printf("opened %zu\n", processes) < 0 || fflush(stdout) != 0)
		fail("stdout");
	while (getchar() != EOF)
		;
	signal(SIGCHLD, SIG_DFL);
	for (size_t i = 0; i < processes; i++)
		kill(pids[i], SIGKILL);
	for (size_t i = 0; i < processes; i++)
		waitpid(pids[i], NULL, 0);
	return 0;
}
