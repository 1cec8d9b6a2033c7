/*
 * Traffic generators: small programs that move bytes over TCP or UDP and know to the byte what they moved.
 *
 * `prog CASE [key=value...]` forks a client and a server; the first process conducts. It prints JSON lines:
 *   {"event":"endpoint",...}  one end of one connection, with its truth, when the data has settled
 *   {"event":"ready"}         all ends have been told; the program waits for a line on stdin (an order)
 *   {"event":"closed","endpoints":[...]}  the final truth, after the order "close"
 * and ends at the order "exit" or at the end of stdin. Every failure is a line on stderr and exit status 1.
 *
 * The truth comes from what the program did (what it wrote, what its peer read), never from the kernel's
 * counters; these are only cross-checked (see report_endpoint).
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define MAX_OWNERS 16

/* conduct.c, process.c: processes, orders and reports */

struct traffic_case {
	const char *name;
	void (*client)(void);
	void (*server)(void);
};

/* Runs the case that argv[1] names; `cases` ends with a NULL name. Returns the exit status. */
int conduct(int argc, char **argv, const struct traffic_case *cases);

const char *case_name(void);
/* The value of key=value on the command line, or the fallback. */
const char *text_arg(const char *key, const char *fallback);
uint64_t number_arg(const char *key, uint64_t fallback);

/* Ends the process with a message, errno's words and status 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sends one line to the conductor: its kind ('E', 'F', 'L'; see conduct.c), then JSON. Atomic up to 4096 bytes. */
void report_line(char kind, const char *json);
/* This role has reported all that it has for now, and waits for an order. */
void say_ready(void);
/* This role will report nothing more: it may be killed without that being a failure. */
void say_done(void);
/* The next line from stdin; the process ends at its end. */
const char *next_order(void);
void await_order(const char *order);
/* Readable when an order waits. */
int order_fd(void);

/* The line between client and server. */
void tell_peer(const void *bytes, size_t length);
void hear_peer(void *bytes, size_t length);
/* Returns when both roles have called it. */
void meet(void);

/* A process below a role (a worker), and the line to it. It dies with its parent. */
struct worker {
	pid_t pid;
	int link;
};
struct worker fork_worker(const char *comm, void (*body)(int link, const void *argument), const void *argument);
/* A byte over the line to a worker, or to its parent. */
void await_link(int link);
void wake_link(int link);
void await_exit(const struct worker *worker);

void write_full(int fd, const void *bytes, size_t length);
void read_full(int fd, void *bytes, size_t length);
/* To as many open files as this process may have. */
void raise_descriptor_limit(void);
void sleep_ms(unsigned int ms);
/* Counts down the time that a poll for a condition may take; fails when it is over. */
struct deadline {
	const char *what;
	uint64_t end_ms;
};
struct deadline deadline_in(unsigned int ms, const char *what);
void deadline_tick(const struct deadline *deadline);

/* endpoint.c: one end of one connection, and its truth */

struct endpoint {
	int fd; /* -1 once closed */
	const char *side;
	pid_t pid;
	char comm[17];
	struct sockaddr_storage local;
	struct sockaddr_storage remote;
	uint64_t netns;
	/* 0 where it can't be had: the subflow of an MPTCP socket has one that only the kernel sees. */
	uint64_t cookie;
	/* Of the socket that processes hold. */
	uint64_t holder_cookie;
	/* How many connections this socket had before. */
	unsigned int incarnation;
	uint64_t tx;
	uint64_t rx;
	/* Of rx, what the application has not read. */
	uint64_t unread;
	pid_t owners[MAX_OWNERS];
	size_t owner_count;
	/* Ends that carry no identity of their own are told by words, e.g. "io_uring direct descriptor". */
	const char *note;
	/* UDP only: datagrams that the socket dropped, and whether it is connected to this very peer. */
	bool udp;
	bool connected;
	uint32_t drops;
};

/* Identity of a connected socket of this process; no bytes moved yet. */
struct endpoint endpoint_of(const char *side, int fd);
/* Cross-checks the truth with TCP_INFO, where it is not UDP, and reports it. */
void report_endpoint(const struct endpoint *endpoint);
/* Reports an end that is gone already, while the other end goes on. */
void report_ended(const struct endpoint *endpoint, const char *end_reason);
/* Adds an end to the list that "closed" will carry; reason NULL where it is not certain. */
void report_final(const struct endpoint *endpoint, const char *end_reason);

/* socket.c: opening sockets, moving bytes */

struct sockaddr_storage parse_address(const char *text, uint16_t port);
socklen_t address_length(const struct sockaddr_storage *address);
uint16_t port_of(const struct sockaddr_storage *address);

/* A listener on a port that the kernel chose; the address may be overridden with server_addr=. */
int listen_on(const char *address, int protocol);
/* Tells the client the port of a listener. */
void tell_port(int listener);
/* Server: listens, tells the client the port, accepts one connection, closes the listener. */
int accept_one(const char *address);
/* Client: hears the port and connects; the address may be overridden with server_addr=, its own with client_addr=. */
int connect_one(const char *address);
/* SO_BINDTODEVICE with client_device=, if there is one: for sockets of the client only. */
void bind_to_client_device(int fd);
int open_socket(const struct sockaddr_storage *address, int protocol);
void connect_to(int fd, const struct sockaddr_storage *address);
int accept_from(int listener);
void set_option(int fd, int level, int option, int value);

/* send()/recv() until `length` bytes are moved, at most `chunk` a call. */
void send_all(int fd, uint64_t length, size_t chunk);
void recv_all(int fd, uint64_t length, size_t chunk);
/* Zeroed memory to send from and receive into. */
void *buffer_of(size_t length);
#define BUFFER_SIZE (1024 * 1024)

/* settle.c: waiting, closing */

/* Bytes in the send queue that are not acknowledged; bytes there that never left; bytes received and not read. */
uint64_t unacked_bytes(int fd);
uint64_t unsent_bytes(int fd);
uint64_t unread_bytes(int fd);
/* Returns when all that was sent is acknowledged. */
void settle(int fd);
void await_unread(int fd, uint64_t length);

void expect_eof(int fd);
void expect_reset(int fd);
/* close() that sends RST. */
void close_with_reset(int fd);
/* Orderly close: the first side sends its FIN, reads the other's, closes. Both ends become "fin". */
void close_first(struct endpoint *endpoint);
void close_second(struct endpoint *endpoint);
/* The peer, which closed, has got our ACK: it holds on as a FIN_WAIT2 mini-socket. `fd` has read the peer's FIN. */
void await_peer_mini_socket(const struct endpoint *endpoint);
/* A server for one connection that only receives: `bytes` in all, then holds until "close". */
void serve_one(uint64_t bytes);

#endif
