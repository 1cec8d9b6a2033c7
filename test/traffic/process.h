/* What a process of a generator is; for the machinery only (conduct.c, process.c). */
#ifndef TRAFFIC_PROCESS_H
#define TRAFFIC_PROCESS_H

#include <sys/types.h>

enum { CLIENT_ROLE, SERVER_ROLE, ROLES };

/* Set in each role after its fork. */
struct this_process {
	int argc;
	char **argv;
	const char *name;
	int report_fd;
	int order_fd;
	int peer_fd;
	int role;
};

extern struct this_process self;

/* In a new process: gives it a name and a last bound of time, and lets it die with its parent. */
void begin_process(pid_t parent, const char *comm);

#endif
