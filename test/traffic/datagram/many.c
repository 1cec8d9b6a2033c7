/* Many short sockets: one datagram each, or a question and its answer. And one socket with thousands of peers. */
#define _GNU_SOURCE
#include "datagram.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static uint64_t bytes_of(uint64_t index)
{
	return 1 + index * 7 % 997;
}

static uint64_t reply_bytes_of(uint64_t index)
{
	return 1 + index * 5 % 499;
}

/* Opens, uses and closes n sockets one after another; tells them, and, when told to close, how long they lasted. */
static void use_and_close(uint64_t n, const struct sockaddr_storage *remote,
			  void (*use)(struct udp_socket *socket, const struct sockaddr_storage *remote, uint64_t index))
{
	struct udp_socket *sockets = calloc(n, sizeof(*sockets));
	uint64_t longest_us = 0;
	uint64_t over_ms = 0;
	char json[256];

	if (sockets == NULL)
		fail("memory");
	for (uint64_t i = 0; i < n; i++) {
		uint64_t start = now_us();
		sockets[i] = udp_open("client", remote);
		use(&sockets[i], remote, i);
		udp_close(&sockets[i]);
		uint64_t lasted_us = now_us() - start;
		longest_us = lasted_us > longest_us ? lasted_us : longest_us;
		over_ms += lasted_us > 1000 ? 1 : 0;
	}
	for (uint64_t i = 0; i < n; i++)
		udp_report_closed(&sockets[i], true);
	say_ready();
	await_order("close");
	snprintf(json, sizeof(json),
		 "{\"event\":\"lasted\",\"connections\":%llu,\"longest_us\":%llu,\"over_a_millisecond\":%llu}",
		 (unsigned long long)n, (unsigned long long)longest_us, (unsigned long long)over_ms);
	report_line('L', json);
}

/* one-shot */
static void send_one(struct udp_socket *socket, const struct sockaddr_storage *remote, uint64_t index)
{
	udp_send(socket, remote, bytes_of(index));
}

static void one_shot_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");

	use_and_close(number_arg("n", 1000), &remote, send_one);
}

static void one_shot_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");

	for (uint64_t i = 0; i < number_arg("n", 1000); i++)
		udp_receive(&socket, BUFFER_SIZE, 0, NULL);
	udp_hold(&socket, 1);
}

/* resolver: as a DNS query */
static void ask(struct udp_socket *socket, const struct sockaddr_storage *remote, uint64_t index)
{
	udp_connect(socket, remote);
	udp_send(socket, NULL, bytes_of(index));
	udp_receive_unnamed(socket, BUFFER_SIZE, 0);
}

static void resolver_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");

	use_and_close(number_arg("n", 200), &remote, ask);
}

static void resolver_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");

	for (uint64_t i = 0; i < number_arg("n", 200); i++) {
		struct sockaddr_storage from;
		udp_receive(&socket, BUFFER_SIZE, 0, &from);
		udp_send(&socket, &from, reply_bytes_of(i));
	}
	udp_hold(&socket, 1);
}

/* peers: each of the client's sockets sends from PER_SOCKET addresses of 127/8 (IP_PKTINFO). */
#define PER_SOCKET 100

static uint64_t peer_count(void)
{
	return number_arg("n", 10000);
}

static uint64_t peers_of(uint64_t socket)
{
	uint64_t left = peer_count() - socket * PER_SOCKET;

	return left < PER_SOCKET ? left : PER_SOCKET;
}

static void send_from(struct udp_socket *socket, struct sockaddr_storage *remote, uint64_t own, size_t length)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control = { 0 };
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl((uint32_t)(0x7f010001 + own)) };
	struct iovec part = { buffer_of(length), length };
	struct msghdr message = { .msg_name = remote,
				  .msg_namelen = address_length(remote),
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_PKTINFO;
	header->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(header), &info, sizeof(info));
	ssize_t count = sendmsg(socket->end.fd, &message, MSG_NOSIGNAL);
	if (count < 0)
		fail("sendmsg with IP_PKTINFO");
	flow_of(socket, remote)->tx += (uint64_t)count;
}

static void peers_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	uint64_t socket_count = (peer_count() + PER_SOCKET - 1) / PER_SOCKET;
	struct udp_socket *sockets = calloc(socket_count, sizeof(*sockets));

	if (sockets == NULL)
		fail("memory");
	for (uint64_t i = 0; i < socket_count; i++) {
		sockets[i] = udp_open("client", &remote);
		for (uint64_t own = 0; own < peers_of(i); own++)
			send_from(&sockets[i], &remote, own, bytes_of(i * PER_SOCKET + own));
		for (uint64_t own = 0; own < peers_of(i); own++)
			udp_receive(&sockets[i], BUFFER_SIZE, 0, NULL);
	}
	udp_hold(sockets, socket_count);
	free(sockets);
}

static void peers_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");

	for (uint64_t i = 0; i < peer_count(); i++) {
		struct sockaddr_storage from;
		udp_receive(&socket, BUFFER_SIZE, 0, &from);
		udp_send(&socket, &from, reply_bytes_of(i));
	}
	udp_hold(&socket, 1);
}

const struct traffic_case many_cases[] = {
	{ "one-shot", one_shot_client, one_shot_server },
	{ "resolver", resolver_client, resolver_server },
	{ "peers", peers_client, peers_server },
	{ NULL, NULL, NULL },
};
