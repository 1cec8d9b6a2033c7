/*
 * Many network namespaces, each with a TCP connection and a UDP conversation on its own loopback:
 *   hold n=500 [names=A,B,...] [churn=50]
 * The first namespaces are those of these names (ip netns), the others have none: they live as long as their sockets.
 * The order "churn" makes that many more, one after the other, and leaves each with nothing in it.
 */
#define _GNU_SOURCE
#include "datagram/datagram.h"
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LOOPBACK "127.0.0.1"

/* What one side has in one namespace. */
struct place {
	struct endpoint tcp;
	struct udp_socket udp;
};

/* How the server finds the namespace that the client is in. */
struct invitation {
	pid_t pid;
	int namespace_fd;
};

/* Each namespace moves other amounts, so that no two can be taken for each other. */
static uint64_t request_bytes(uint64_t index)
{
	return 1000 + 7 * index;
}

static uint64_t reply_bytes(uint64_t index)
{
	return 500 + 3 * index;
}

static size_t datagram_bytes(uint64_t index)
{
	return 64 + index;
}

static int open_namespace(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("%s", path);
	return fd;
}

static void enter(const char *path)
{
	int fd = open_namespace(path);

	if (setns(fd, CLONE_NEWNET) != 0)
		fail("setns %s", path);
	close(fd);
}

static void bring_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0)
		fail("loopback up");
	close(fd);
}

/* Copies the name that stands at `index` in the list names=, if there is one. */
static bool name_at(uint64_t index, char name[64])
{
	const char *at = text_arg("names", "");

	for (uint64_t i = 0; *at != '\0'; i++) {
		size_t length = strcspn(at, ",");
		if (i == index) {
			snprintf(name, 64, "%.*s", (int)length, at);
			return true;
		}
		at += length + (at[length] == ',' ? 1 : 0);
	}
	return false;
}

static void enter_namespace(uint64_t index)
{
	char path[128] = "/run/netns/";

	if (name_at(index, path + strlen(path))) {
		enter(path);
		return;
	}
	if (unshare(CLONE_NEWNET) != 0)
		fail("unshare");
	bring_loopback_up();
}

static void invite_server(void)
{
	struct invitation invitation = { getpid(), open_namespace("/proc/self/ns/net") };

	tell_peer(&invitation, sizeof(invitation));
	meet();
	close(invitation.namespace_fd);
}

static void follow_client(void)
{
	struct invitation invitation;
	char path[64];

	hear_peer(&invitation, sizeof(invitation));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", invitation.pid, invitation.namespace_fd);
	enter(path);
	meet();
}

static void open_client(struct place *place, uint64_t index)
{
	enter_namespace(index);
	invite_server();
	place->tcp = endpoint_of("client", connect_one(LOOPBACK));
	send_all(place->tcp.fd, request_bytes(index), BUFFER_SIZE);
	recv_all(place->tcp.fd, reply_bytes(index), BUFFER_SIZE);
	settle(place->tcp.fd);
	place->tcp.tx = request_bytes(index);
	place->tcp.rx = reply_bytes(index);

	struct sockaddr_storage server = hear_server(LOOPBACK);
	place->udp = udp_open("client", &server);
	udp_connect(&place->udp, &server);
	udp_send(&place->udp, NULL, datagram_bytes(index));
	udp_receive(&place->udp, BUFFER_SIZE, 0, NULL);
	meet();
}

static void open_server(struct place *place, uint64_t index)
{
	struct sockaddr_storage client;

	follow_client();
	place->tcp = endpoint_of("server", accept_one(LOOPBACK));
	recv_all(place->tcp.fd, request_bytes(index), BUFFER_SIZE);
	send_all(place->tcp.fd, reply_bytes(index), BUFFER_SIZE);
	settle(place->tcp.fd);
	place->tcp.rx = request_bytes(index);
	place->tcp.tx = reply_bytes(index);

	place->udp = udp_served(LOOPBACK);
	udp_receive(&place->udp, BUFFER_SIZE, 0, &client);
	udp_send(&place->udp, &client, 2 * datagram_bytes(index));
	meet();
}

static void close_place(struct place *place, void (*close_tcp)(struct endpoint *endpoint))
{
	close_tcp(&place->tcp);
	udp_close(&place->udp);
	udp_report_closed(&place->udp, false);
}

static void serve(void (*open_place)(struct place *place, uint64_t index),
		  void (*close_tcp)(struct endpoint *endpoint))
{
	uint64_t count = number_arg("n", 500);
	uint64_t made = count;
	struct place *places = calloc(count, sizeof(*places));

	if (places == NULL)
		fail("memory");
	raise_descriptor_limit();
	for (uint64_t i = 0; i < count; i++) {
		open_place(&places[i], i);
		report_endpoint(&places[i].tcp);
		udp_report(&places[i].udp);
	}
	say_ready();
	while (strcmp(next_order(), "churn") == 0) {
		for (uint64_t i = 0; i < number_arg("churn", 50); i++) {
			struct place place = { 0 };
			open_place(&place, made++);
			close_place(&place, close_tcp);
		}
		say_ready();
	}
	for (uint64_t i = 0; i < count; i++)
		close_place(&places[i], close_tcp);
}

static void client(void)
{
	serve(open_client, close_first);
}

static void server(void)
{
	serve(open_server, close_second);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "hold", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
