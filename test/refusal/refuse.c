/*
 * refuse CALL=ERRNO... -- COMMAND...
 * Becomes a command to which the kernel refuses system calls, with a seccomp filter: bpf, setns, or sock_diag, which is a
 * socket(AF_NETLINK, ..., NETLINK_SOCK_DIAG).
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

static struct sock_filter filter[64];
static unsigned short length;

static void add(struct sock_filter instruction)
{
	filter[length++] = instruction;
}

/* The low halves of its arguments: both machines that the tests run on are little-endian. */
static void refuse_sock_diag(unsigned int error)
{
	add((struct sock_filter)LOAD(nr));
	add((struct sock_filter)SKIP_UNLESS(SYS_socket, 5));
	add((struct sock_filter)LOAD(args[0]));
	add((struct sock_filter)SKIP_UNLESS(AF_NETLINK, 3));
	add((struct sock_filter)LOAD(args[2]));
	add((struct sock_filter)SKIP_UNLESS(NETLINK_SOCK_DIAG, 1));
	add((struct sock_filter)RETURN(SECCOMP_RET_ERRNO | error));
}

static void refuse(unsigned int number, unsigned int error)
{
	add((struct sock_filter)LOAD(nr));
	add((struct sock_filter)SKIP_UNLESS(number, 1));
	add((struct sock_filter)RETURN(SECCOMP_RET_ERRNO | error));
}

static void refuse_named(const char *name, size_t name_length, unsigned int error)
{
	if (!strncmp(name, "bpf", name_length)) {
		refuse(SYS_bpf, error);
	} else if (!strncmp(name, "setns", name_length)) {
		refuse(SYS_setns, error);
	} else if (!strncmp(name, "sock_diag", name_length)) {
		refuse_sock_diag(error);
	} else {
		fprintf(stderr, "refuse: %s is not known\n", name);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	int at = 1;

	for (; at < argc && strcmp(argv[at], "--"); at++) {
		const char *equals = strchr(argv[at], '=');

		if (!equals || length > 56)
			return 2;
		refuse_named(argv[at], equals - argv[at], atoi(equals + 1));
	}
	if (at + 1 >= argc)
		return 2;
	add((struct sock_filter)RETURN(SECCOMP_RET_ALLOW));
	struct sock_fprog program = { .len = length, .filter = filter };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("refuse: prctl");
		return 1;
	}
	execvp(argv[at + 1], argv + at + 1);
	perror(argv[at + 1]);
	return 127;
}
