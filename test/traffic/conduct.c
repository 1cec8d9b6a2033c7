/* The conductor: starts the roles, relays orders to them and reports from them, and sees that all of them end. */
#define _GNU_SOURCE
#include "process.h"
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Lines to the conductor: E endpoint and L anything, printed at once; F kept for "closed"; R ready; D done. */
struct line_buffer {
	char bytes[64 * 1024];
	size_t length;
};

struct role {
	pid_t pid;
	int pidfd;
	int order_fd;
	bool ready;
	bool done;
	bool gone;
};

static struct role roles[ROLES];
static char *finals;
static size_t finals_length;

static void enter_netns(const char *name)
{
	char path[256];

	if (name == NULL)
		return;
	snprintf(path, sizeof(path), name[0] == '/' ? "%s" : "/run/netns/%s", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
		fail("network namespace %s", path);
	close(fd);
}

static void start_role(int index, void (*body)(void), int report_fd, int peer_fd, const int others[])
{
	bool client = index == CLIENT_ROLE;
	pid_t parent = getpid();
	int orders[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, orders) != 0)
		fail("socketpair");
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		begin_process(parent, text_arg(client ? "client_comm" : "server_comm", client ? "tt-client" : "tt-server"));
		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		for (size_t i = 0; others[i] >= 0; i++)
			close(others[i]);
		close(orders[0]);
		self.order_fd = orders[1];
		self.report_fd = report_fd;
		self.peer_fd = peer_fd;
		self.role = index;
		enter_netns(text_arg(client ? "client_netns" : "server_netns", NULL));
		body();
		say_done();
		/* Stay until told: a name that is still there is the harder case for none, and listeners stay up. */
		for (;;)
			next_order();
	}
	close(orders[1]);
	roles[index] = (struct role){ .pid = pid, .order_fd = orders[0] };
	roles[index].pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (roles[index].pidfd < 0)
		fail("pidfd_open");
}

static _Noreturn void end_all(int status)
{
	for (int i = 0; i < ROLES; i++)
		if (roles[i].pid > 0 && !roles[i].gone)
			kill(roles[i].pid, SIGKILL);
	for (int i = 0; i < ROLES; i++)
		if (roles[i].pid > 0 && !roles[i].gone)
			waitpid(roles[i].pid, NULL, 0);
	exit(status);
}

static void print_line(const char *line)
{
	if (puts(line) == EOF || fflush(stdout) == EOF)
		end_all(1);
}

static void keep_final(const char *json)
{
	size_t length = strlen(json);

	finals = realloc(finals, finals_length + length + 2);
	if (finals == NULL)
		fail("memory");
	if (finals_length > 0)
		finals[finals_length++] = ',';
	memcpy(finals + finals_length, json, length + 1);
	finals_length += length;
}

static bool all(bool (*test)(const struct role *role))
{
	for (int i = 0; i < ROLES; i++)
		if (!test(&roles[i]))
			return false;
	return true;
}

static bool is_done(const struct role *role)
{
	return role->done;
}

static bool is_waiting(const struct role *role)
{
	return role->ready || role->done;
}

static void handle_report(char *line)
{
	int index = line[1] - '0';

	switch (line[0]) {
	case 'E':
	case 'L':
		print_line(line + 1);
		return;
	case 'F':
		keep_final(line + 1);
		return;
	case 'R':
		roles[index].ready = true;
		break;
	case 'D':
		roles[index].done = true;
		break;
	}
	if (all(is_done))
		printf("{\"event\":\"closed\",\"endpoints\":[%s]}\n", finals == NULL ? "" : finals);
	else if (all(is_waiting))
		printf("{\"event\":\"ready\"}\n");
	if (fflush(stdout) == EOF)
		end_all(1);
}

static void handle_order(char *line)
{
	size_t length = strlen(line);

	if (strcmp(line, "exit") == 0)
		end_all(0);
	line[length] = '\n';
	for (int i = 0; i < ROLES; i++) {
		roles[i].ready = false;
		if (!roles[i].gone && !roles[i].done)
			write_full(roles[i].order_fd, line, length + 1);
	}
}

/* Takes the first whole line off the buffer, if there is one, and hands it on. */
static bool take_line(struct line_buffer *buffer, void (*handle)(char *line))
{
	char line[4097];
	char *newline = memchr(buffer->bytes, '\n', buffer->length);

	if (newline == NULL)
		return false;
	size_t length = (size_t)(newline - buffer->bytes);
	if (length >= sizeof(line) - 1)
		fail("a line is too long");
	memcpy(line, buffer->bytes, length);
	line[length] = '\0';
	buffer->length -= length + 1;
	memmove(buffer->bytes, newline + 1, buffer->length);
	handle(line);
	return true;
}

/* Reads what is there; false at the end of the file. */
static bool fill(struct line_buffer *buffer, int fd)
{
	ssize_t count = read(fd, buffer->bytes + buffer->length, sizeof(buffer->bytes) - buffer->length);

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (count <= 0)
		return false;
	buffer->length += (size_t)count;
	return true;
}

static void drain_reports(struct line_buffer *reports, int report_fd)
{
	struct pollfd wait = { .fd = report_fd, .events = POLLIN };

	while (poll(&wait, 1, 0) > 0 && (wait.revents & POLLIN) != 0 && fill(reports, report_fd))
		while (take_line(reports, handle_report))
			;
}

static void handle_gone(struct line_buffer *reports, int report_fd, struct role *role)
{
	drain_reports(reports, report_fd);
	waitpid(role->pid, NULL, 0);
	role->gone = true;
	if (!role->done)
		end_all(1);
}

static _Noreturn void serve(int report_fd)
{
	static struct line_buffer orders, reports;
	bool stdin_open = true;

	for (;;) {
		struct pollfd waits[2 + ROLES] = {
			{ .fd = stdin_open ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = report_fd, .events = POLLIN },
		};
		for (int i = 0; i < ROLES; i++)
			waits[2 + i] = (struct pollfd){ .fd = roles[i].gone ? -1 : roles[i].pidfd, .events = POLLIN };
		if (poll(waits, 2 + ROLES, -1) < 0 && errno != EINTR)
			fail("poll");
		if ((waits[1].revents & POLLIN) != 0)
			drain_reports(&reports, report_fd);
		for (int i = 0; i < ROLES; i++)
			if (waits[2 + i].revents != 0)
				handle_gone(&reports, report_fd, &roles[i]);
		if (waits[0].revents != 0)
			stdin_open = fill(&orders, STDIN_FILENO);
		/* Orders that came early wait until the roles do. */
		if (all(is_waiting) && !take_line(&orders, handle_order) && !stdin_open)
			end_all(0);
		if (!stdin_open && memchr(orders.bytes, '\n', orders.length) == NULL)
			end_all(0);
	}
}

static void on_alarm(int signal_number)
{
	static const char message[] = "traffic: the last bound of time is over\n";

	(void)signal_number;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(2);
	_exit(1);
}

int conduct(int argc, char **argv, const struct traffic_case *cases)
{
	int reports[2], peers[2];

	self.argc = argc;
	self.argv = argv;
	self.name = argc > 1 ? argv[1] : NULL;
	while (cases->name != NULL && (argc < 2 || strcmp(cases->name, argv[1]) != 0))
		cases++;
	errno = 0;
	if (cases->name == NULL)
		fail("no such case");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, on_alarm);
	alarm((unsigned int)number_arg("timeout", 60));
	if (pipe2(reports, O_CLOEXEC) != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, peers) != 0)
		fail("pipe");
	start_role(CLIENT_ROLE, cases->client, reports[1], peers[0], (int[]){ reports[0], peers[1], -1 });
	start_role(SERVER_ROLE, cases->server, reports[1], peers[1],
		   (int[]){ reports[0], peers[0], roles[CLIENT_ROLE].order_fd, roles[CLIENT_ROLE].pidfd, -1 });
	close(reports[1]);
	close(peers[0]);
	close(peers[1]);
	serve(reports[0]);
}
