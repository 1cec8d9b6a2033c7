/*
 * `flows N` sends from one UDP socket to N peers on loopback (127.1.x.y, one port), and holds the socket until the end of
 * stdin. It prints "opened N" when each has had a datagram; to the order "move K" it sends one more to K of them, then
 * prints "moved K". One socket receives them all.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_PEER 0x7f010001
#define DATAGRAM_BYTES 100

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "flows: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int udp_socket(struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	if (fd < 0 || bind(fd, (struct sockaddr *)address, length) != 0 ||
	    getsockname(fd, (struct sockaddr *)address, &length) != 0)
		fail("binding");
	return fd;
}

/* Each is read before the next is sent: none finds the receiver's buffer full. */
static void move(int from, int into, uint16_t port, size_t peers)
{
	static char bytes[DATAGRAM_BYTES];
	struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = port };

	for (size_t i = 0; i < peers; i++) {
		peer.sin_addr.s_addr = htonl(FIRST_PEER + (uint32_t)i);
		if (sendto(from, bytes, sizeof(bytes), 0, (struct sockaddr *)&peer, sizeof(peer)) != sizeof(bytes) ||
		    recv(into, bytes, sizeof(bytes), 0) != sizeof(bytes))
			fail("a datagram");
	}
}

static void say(const char *what, size_t count)
{
	if (printf("%s %zu\n", what, count) < 0 || fflush(stdout) != 0)
		fail("stdout");
}

int main(int argc, char **argv)
{
	size_t peers = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct sockaddr_in sender_address, receiver_address;
	int sender = udp_socket(&sender_address);
	int receiver = udp_socket(&receiver_address);
	size_t active;

	move(sender, receiver, receiver_address.sin_port, peers);
	say("opened", peers);
	while (scanf(" move %zu", &active) == 1) {
		move(sender, receiver, receiver_address.sin_port, active < peers ? active : peers);
		say("moved", active);
	}
	return 0;
}
