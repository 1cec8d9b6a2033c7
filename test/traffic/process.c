/* What every process of a generator needs: arguments, reports, orders, the line to the other role, workers. */
#define _GNU_SOURCE
#include "process.h"
#include "traffic.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct this_process self;

_Noreturn void fail(const char *format, ...)
{
	int error = errno;
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "%s: ", self.name == NULL ? "traffic" : self.name);
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "%s%s\n", error == 0 ? "" : ": ", error == 0 ? "" : strerror(error));
	va_end(arguments);
	_exit(1);
}

const char *case_name(void)
{
	return self.name;
}

const char *text_arg(const char *key, const char *fallback)
{
	size_t length = strlen(key);

	for (int i = 2; i < self.argc; i++)
		if (strncmp(self.argv[i], key, length) == 0 && self.argv[i][length] == '=')
			return self.argv[i] + length + 1;
	return fallback;
}

uint64_t number_arg(const char *key, uint64_t fallback)
{
	const char *text = text_arg(key, NULL);
	char *end;

	if (text == NULL)
		return fallback;
	errno = 0;
	uint64_t value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		fail("%s=%s is no number", key, text);
	return value;
}

void write_full(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t count = write(fd, at, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			fail("write to a process");
		at += count;
		length -= (size_t)count;
	}
}

void read_full(int fd, void *bytes, size_t length)
{
	char *at = bytes;

	while (length > 0) {
		ssize_t count = read(fd, at, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count == 0)
			errno = 0;
		if (count <= 0)
			fail("the other process has gone");
		at += count;
		length -= (size_t)count;
	}
}

void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		fail("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		fail("setrlimit");
}

void sleep_ms(unsigned int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

static uint64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

struct deadline deadline_in(unsigned int ms, const char *what)
{
	return (struct deadline){ .what = what, .end_ms = now_ms() + ms };
}

void deadline_tick(const struct deadline *deadline)
{
	if (now_ms() > deadline->end_ms) {
		errno = 0;
		fail("waited too long for: %s", deadline->what);
	}
	sleep_ms(1);
}

void report_line(char kind, const char *json)
{
	char line[4096];
	int length = snprintf(line, sizeof(line), "%c%s\n", kind, json);

	if (length < 0 || (size_t)length >= sizeof(line))
		fail("a report is too long");
	write_full(self.report_fd, line, (size_t)length);
}

void say_ready(void)
{
	report_line('R', self.role == CLIENT_ROLE ? "0" : "1");
}

void say_done(void)
{
	report_line('D', self.role == CLIENT_ROLE ? "0" : "1");
}

int order_fd(void)
{
	return self.order_fd;
}

const char *next_order(void)
{
	static char order[256];
	size_t length = 0;

	while (length < sizeof(order) - 1) {
		ssize_t count = read(self.order_fd, order + length, 1);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			_exit(0);
		if (order[length] == '\n') {
			order[length] = '\0';
			return order;
		}
		length++;
	}
	fail("an order is too long");
}

void await_order(const char *order)
{
	const char *got = next_order();

	errno = 0;
	if (strcmp(got, order) != 0)
		fail("expected the order \"%s\", got \"%s\"", order, got);
}

void tell_peer(const void *bytes, size_t length)
{
	write_full(self.peer_fd, bytes, length);
}

void hear_peer(void *bytes, size_t length)
{
	read_full(self.peer_fd, bytes, length);
}

void meet(void)
{
	char byte = 0;

	tell_peer(&byte, 1);
	hear_peer(&byte, 1);
}

/* In a new process: it has a name, a last bound, and dies with its parent. */
void begin_process(pid_t parent, const char *comm)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NAME, comm) != 0)
		fail("prctl");
	if (getppid() != parent)
		_exit(1);
	alarm((unsigned int)number_arg("timeout", 60));
}

struct worker fork_worker(const char *comm, void (*body)(int link, const void *argument), const void *argument)
{
	struct worker worker;
	int links[2];
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, links) != 0)
		fail("socketpair");
	worker.pid = fork();
	if (worker.pid < 0)
		fail("fork");
	if (worker.pid == 0) {
		begin_process(parent, comm);
		close(links[0]);
		close(self.order_fd);
		body(links[1], argument);
		_exit(0);
	}
	close(links[1]);
	worker.link = links[0];
	return worker;
}

void await_link(int link)
{
	char byte;

	read_full(link, &byte, 1);
}

void wake_link(int link)
{
	char byte = 0;

	write_full(link, &byte, 1);
}

void await_exit(const struct worker *worker)
{
	int status;

	close(worker->link);
	errno = 0;
	if (waitpid(worker->pid, &status, 0) != worker->pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail("a worker failed");
}
