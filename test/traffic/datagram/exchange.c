/*
 * Datagrams there and back: sendto and recvfrom, or connected ends with send and recv, over IPv4, IPv6, IPv4-mapped
 * IPv6; again and again on the order "more"; many of two sizes; one socket that connects twice.
 */
#include "datagram.h"

#include <string.h>

/* What one side sends in a round: `count` datagrams, each a byte longer than the one before. */
struct volley {
	uint64_t count;
	uint64_t bytes;
};

static struct volley volley_there(bool more)
{
	return (struct volley){ more ? 5 : number_arg("n", 23), number_arg(more ? "more" : "bytes", more ? 211 : 101) };
}

static struct volley volley_back(bool more)
{
	return (struct volley){ more ? 3 : number_arg("n", 23),
				number_arg(more ? "more_reply" : "reply_bytes", more ? 307 : 53) };
}

static void send_volley(struct udp_socket *socket, const struct sockaddr_storage *to, struct volley volley)
{
	for (uint64_t i = 0; i < volley.count; i++)
		udp_send(socket, to, volley.bytes + i);
}

static bool is_connected(const struct udp_socket *socket)
{
	return socket->end.remote.ss_family != AF_UNSPEC;
}

/* Returns who sent the last one. */
static struct sockaddr_storage receive_volley(struct udp_socket *socket, struct volley volley)
{
	struct sockaddr_storage from = socket->end.remote;

	for (uint64_t i = 0; i < volley.count; i++) {
		if (is_connected(socket))
			udp_receive_unnamed(socket, BUFFER_SIZE, 0);
		else
			udp_receive(socket, BUFFER_SIZE, 0, &from);
	}
	return from;
}

static void client_rounds(const char *address, bool connects)
{
	struct sockaddr_storage remote = hear_server(address);
	struct udp_socket socket = udp_open("client", &remote);
	bool more = false;

	if (number_arg("connect", connects) != 0) {
		udp_connect(&socket, &remote);
		tell_peer(&socket.end.local, sizeof(socket.end.local));
	}
	do {
		send_volley(&socket, is_connected(&socket) ? NULL : &remote, volley_there(more));
		receive_volley(&socket, volley_back(more));
		udp_report(&socket);
		say_ready();
		more = true;
	} while (strcmp(next_order(), "more") == 0);
	udp_close(&socket);
	udp_report_closed(&socket, false);
}

static void server_rounds(const char *address, bool connects)
{
	struct udp_socket socket = udp_served(address);
	bool more = false;

	if (number_arg("connect", connects) != 0) {
		struct sockaddr_storage remote;
		hear_peer(&remote, sizeof(remote));
		udp_connect(&socket, &remote);
	}
	do {
		struct sockaddr_storage from = receive_volley(&socket, volley_there(more));
		send_volley(&socket, is_connected(&socket) ? NULL : &from, volley_back(more));
		udp_report(&socket);
		say_ready();
		more = true;
	} while (strcmp(next_order(), "more") == 0);
	udp_close(&socket);
	udp_report_closed(&socket, false);
}

static void sendto_client(void)
{
	client_rounds("127.0.0.1", false);
}

static void sendto_server(void)
{
	server_rounds("127.0.0.1", false);
}

static void connected_client(void)
{
	client_rounds("127.0.0.1", true);
}

static void connected_server(void)
{
	server_rounds("127.0.0.1", true);
}

static void ipv6_client(void)
{
	client_rounds("::1", false);
}

static void ipv6_server(void)
{
	server_rounds("::1", false);
}

static void v4mapped_client(void)
{
	client_rounds("::ffff:127.0.0.1", false);
}

/* Bound to the wildcard: its peers are IPv4-mapped too. */
static void v4mapped_server(void)
{
	server_rounds("::", false);
}

/* In steps, as a sender whose window is full. */
#define QUIC_STEP 32

static const uint64_t QUIC_BYTES[] = { 64, 1400 };

static uint64_t quic_steps(void)
{
	return (number_arg("n", 10000) + QUIC_STEP - 1) / QUIC_STEP;
}

static uint64_t quic_step_count(uint64_t step)
{
	uint64_t left = number_arg("n", 10000) - step * QUIC_STEP;

	return left < QUIC_STEP ? left : QUIC_STEP;
}

static void quic_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);

	udp_connect(&socket, &remote);
	for (size_t size = 0; size < 2; size++) {
		for (uint64_t step = 0; step < quic_steps(); step++) {
			for (uint64_t i = 0; i < quic_step_count(step); i++)
				udp_send(&socket, NULL, QUIC_BYTES[size]);
			for (uint64_t i = 0; i < quic_step_count(step); i++)
				udp_receive_unnamed(&socket, BUFFER_SIZE, 0);
		}
	}
	udp_hold(&socket, 1);
}

static void quic_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");

	for (size_t size = 0; size < 2; size++) {
		for (uint64_t step = 0; step < quic_steps(); step++) {
			struct sockaddr_storage from;
			for (uint64_t i = 0; i < quic_step_count(step); i++)
				udp_receive(&socket, BUFFER_SIZE, 0, &from);
			for (uint64_t i = 0; i < quic_step_count(step); i++)
				udp_send(&socket, &from, QUIC_BYTES[size]);
		}
	}
	udp_hold(&socket, 1);
}

/* One socket: connects to the first server, sends aside to the second, connects to the third. */
#define SERVERS 3

static void reconnect_client(void)
{
	struct sockaddr_storage remotes[SERVERS];

	for (size_t i = 0; i < SERVERS; i++)
		remotes[i] = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remotes[0]);
	udp_connect(&socket, &remotes[0]);
	send_volley(&socket, NULL, (struct volley){ 3, 101 });
	receive_volley(&socket, (struct volley){ 3, 53 });
	send_volley(&socket, &remotes[1], (struct volley){ 5, 211 });
	udp_connect(&socket, &remotes[2]);
	send_volley(&socket, NULL, (struct volley){ 7, 307 });
	receive_volley(&socket, (struct volley){ 3, 59 });
	udp_hold(&socket, 1);
}

static void reconnect_server(void)
{
	struct udp_socket sockets[SERVERS];

	for (size_t i = 0; i < SERVERS; i++)
		sockets[i] = udp_served("127.0.0.1");
	struct sockaddr_storage from = receive_volley(&sockets[0], (struct volley){ 3, 101 });
	send_volley(&sockets[0], &from, (struct volley){ 3, 53 });
	receive_volley(&sockets[1], (struct volley){ 5, 211 });
	from = receive_volley(&sockets[2], (struct volley){ 7, 307 });
	send_volley(&sockets[2], &from, (struct volley){ 3, 59 });
	udp_hold(sockets, SERVERS);
}

const struct traffic_case exchange_cases[] = {
	{ "sendto", sendto_client, sendto_server },
	{ "connected", connected_client, connected_server },
	{ "ipv6", ipv6_client, ipv6_server },
	{ "v4mapped", v4mapped_client, v4mapped_server },
	{ "quic", quic_client, quic_server },
	{ "reconnect", reconnect_client, reconnect_server },
	{ NULL, NULL, NULL },
};
