/*
 * `timed whole COMMAND...` runs a command with its stdout discarded and prints "<wall time> <CPU time>", both in us; its
 * children's CPU time is in it, as far as it waited for them. `timed first COMMAND...` prints the wall time up to the first
 * byte on its stdout instead, and "0"; the rest is read and dropped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "timed: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t cpu_us(const struct rusage *usage)
{
	return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 + usage->ru_utime.tv_usec +
	       usage->ru_stime.tv_usec;
}

/* Starts the command with `output` as its stdout, which is the child's alone afterwards. */
static pid_t start(char **command, int output)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent || dup2(output, STDOUT_FILENO) < 0)
			_exit(127);
		execvp(command[0], command);
		fprintf(stderr, "timed: %s: %s\n", command[0], strerror(errno));
		_exit(127);
	}
	close(output);
	return pid;
}

static int64_t read_to_end(int fd)
{
	static char bytes[64 * 1024];
	int64_t first = 0;

	while (read(fd, bytes, sizeof(bytes)) > 0)
		if (first == 0)
			first = now_us();
	return first;
}

int main(int argc, char **argv)
{
	bool is_first = argc > 2 && strcmp(argv[1], "first") == 0;
	int64_t begin, first = 0, end;
	int output[2] = { -1, -1 };
	struct rusage usage;
	int status;

	errno = EINVAL;
	if (argc < 3 || (!is_first && strcmp(argv[1], "whole") != 0))
		fail("whole or first, and a command");
	if (is_first ? pipe2(output, O_CLOEXEC) != 0 : (output[1] = open("/dev/null", O_WRONLY | O_CLOEXEC)) < 0)
		fail("output");
	begin = now_us();
	pid_t pid = start(argv + 2, output[1]);
	if (is_first)
		first = read_to_end(output[0]);
	if (wait4(pid, &status, 0, &usage) != pid)
		fail("wait4");
	end = now_us();
	if (status != 0) {
		fprintf(stderr, "timed: %s did not end well\n", argv[2]);
		return 1;
	}
	if (is_first && first == 0) {
		fprintf(stderr, "timed: %s wrote nothing\n", argv[2]);
		return 1;
	}
	printf("%lld %lld\n", (long long)((is_first ? first : end) - begin), (long long)(is_first ? 0 : cpu_us(&usage)));
	return 0;
}
