// SPDX-License-Identifier: MIT
// usage: pty [--orphan] COLUMNS ROWS COMMAND [ARGUMENT...]
//
// Runs a command in a pseudo-terminal, as a job of a small shell, and lets the reader of its output drive both.
//
// Standard output: records of a kind (one byte), a length (four bytes, little endian) and that many bytes:
//   o  what was written to the terminal
//   s  a word about the state, after all output that came before it:
//      pid N | stopped | exited STATUS | killed SIGNAL | termios FLAGS
// Standard input: lines:
//   input HEX        bytes typed into the terminal
//   size COLUMNS ROWS
//   hold | release   stop reading what is written to the terminal, and read on
//   termios          asks for the terminal's settings
//   foreground       the shell's `fg`
//   background       the shell's `bg`
//   hangup           the terminal goes away
//
// With --orphan the command has no shell that could continue it: in its process group signals of job control stop nobody.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void write_all(int fd, const void *bytes, size_t count)
{
	const char *at = bytes;

	while (count > 0) {
		ssize_t written = write(fd, at, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			exit(1); /* the test has gone */
		at += written;
		count -= (size_t)written;
	}
}

// ---- the shell: session leader, with the command as its only job

static pid_t job;
static bool is_orphan;
static int master;

static void on_foreground(int signal)
{
	(void)signal;
	tcsetpgrp(0, job);
	kill(-job, SIGCONT);
}

static void on_background(int signal)
{
	(void)signal;
	kill(-job, SIGCONT);
}

static void start_job(char **command)
{
	job = fork();
	if (job < 0)
		fail("fork");
	if (job > 0) {
		if (!is_orphan)
			setpgid(job, job);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!is_orphan) {
		setpgid(0, 0);
		tcsetpgrp(0, getpid());
	}
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
	execvp(command[0], command);
	fail(command[0]);
}

static void run_shell(int slave, int status_pipe, char **command)
{
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(master);
	setsid();
	if (ioctl(slave, TIOCSCTTY, 0) != 0)
		fail("TIOCSCTTY");
	dup2(slave, 0);
	dup2(slave, 1);
	dup2(slave, 2);
	close(slave);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, on_foreground);
	signal(SIGUSR2, on_background);
	start_job(command);
	dprintf(status_pipe, "pid %d\n", job);
	while (true) {
		if (waitpid(job, &status, WUNTRACED) < 0) {
			if (errno == EINTR)
				continue;
			fail("waitpid");
		}
		if (WIFSTOPPED(status)) {
			tcsetpgrp(0, getpgrp());
			dprintf(status_pipe, "stopped\n");
			continue;
		}
		if (WIFEXITED(status))
			dprintf(status_pipe, "exited %d\n", WEXITSTATUS(status));
		else
			dprintf(status_pipe, "killed %d\n", WTERMSIG(status));
		exit(0);
	}
}

// ---- the terminal: between the pseudo-terminal and the test

static pid_t shell;
static bool is_held;

static void put_record(char kind, const void *bytes, uint32_t count)
{
	write_all(1, &kind, 1);
	write_all(1, &count, sizeof(count));
	write_all(1, bytes, count);
}

__attribute__((format(printf, 1, 2))) static void put_state(const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put_record('s', text, (uint32_t)strlen(text));
}

// Passes on what there is; false when there is nothing.
static bool relay_output(void)
{
	char bytes[65536];
	ssize_t count = master < 0 ? -1 : read(master, bytes, sizeof(bytes));

	if (count > 0)
		put_record('o', bytes, (uint32_t)count);
	return count > 0;
}

static void report_termios(void)
{
	struct termios settings;

	if (master < 0 || tcgetattr(master, &settings) != 0)
		return put_state("termios gone");
	put_state("termios %x %x %x %x %d %d", settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag,
		  settings.c_cc[VMIN], settings.c_cc[VTIME]);
}

static void type_hex(const char *hex)
{
	unsigned int byte;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
		char typed = (char)byte;

		write_all(master, &typed, 1);
	}
}

static void obey(const char *line)
{
	unsigned short columns, rows;

	if (strncmp(line, "input ", 6) == 0) {
		type_hex(line + 6);
	} else if (sscanf(line, "size %hu %hu", &columns, &rows) == 2) {
		struct winsize size = { .ws_col = columns, .ws_row = rows };

		ioctl(master, TIOCSWINSZ, &size);
	} else if (strcmp(line, "hold") == 0) {
		is_held = true;
	} else if (strcmp(line, "release") == 0) {
		is_held = false;
	} else if (strcmp(line, "termios") == 0) {
		report_termios();
	} else if (strcmp(line, "foreground") == 0) {
		kill(shell, SIGUSR1);
	} else if (strcmp(line, "background") == 0) {
		kill(shell, SIGUSR2);
	} else if (strcmp(line, "hangup") == 0) {
		close(master);
		master = -1;
	} else {
		fprintf(stderr, "pty: no command \"%s\"\n", line);
		exit(2);
	}
}

// Calls `take` for each whole line there is; false at the end of the input.
static bool read_lines(int fd, char *buffer, size_t size, void (*take)(const char *))
{
	size_t kept = strlen(buffer);
	ssize_t count = read(fd, buffer + kept, size - kept - 1);
	char *line = buffer, *end;

	if (count <= 0)
		return count < 0 && errno == EINTR;
	buffer[kept + (size_t)count] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		take(line);
		line = end + 1;
	}
	memmove(buffer, line, strlen(line) + 1);
	return true;
}

static void pass_state(const char *line)
{
	while (!is_held && relay_output())
		;
	put_state("%s", line);
}

static void run_terminal(int status_pipe)
{
	static char commands[65536], states[4096];

	while (true) {
		struct pollfd sources[] = {
			{ .fd = 0, .events = POLLIN },
			{ .fd = status_pipe, .events = POLLIN },
			{ .fd = is_held ? -1 : master, .events = POLLIN },
		};

		if (poll(sources, 3, -1) < 0 && errno != EINTR)
			fail("poll");
		if (sources[2].revents & POLLIN)
			relay_output();
		if (sources[1].revents && !read_lines(status_pipe, states, sizeof(states), pass_state))
			status_pipe = -1;
		if (sources[0].revents && !read_lines(0, commands, sizeof(commands), obey))
			exit(0); /* the command goes with this */
	}
}

int main(int argc, char **argv)
{
	struct winsize size = { 0 };
	int slave, states[2];
	char **arguments = argv + 1;

	is_orphan = argc > 1 && strcmp(argv[1], "--orphan") == 0;
	if (is_orphan)
		arguments++;
	if (argv + argc - arguments < 3) {
		fprintf(stderr, "usage: pty [--orphan] COLUMNS ROWS COMMAND [ARGUMENT...]\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	size.ws_col = (unsigned short)atoi(arguments[0]);
	size.ws_row = (unsigned short)atoi(arguments[1]);
	// The terminal keeps a slave of its own: else it would be hung up between two openings of it.
	if (openpty(&master, &slave, NULL, NULL, &size) != 0)
		fail("openpty");
	if (pipe2(states, O_CLOEXEC) != 0)
		fail("pipe2");
	fcntl(master, F_SETFL, O_NONBLOCK);
	fcntl(master, F_SETFD, FD_CLOEXEC);
	shell = fork();
	if (shell < 0)
		fail("fork");
	if (shell == 0)
		run_shell(slave, states[1], arguments + 2);
	close(states[1]);
	run_terminal(states[0]);
}
