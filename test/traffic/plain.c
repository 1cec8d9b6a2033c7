/* send() and recv() over IPv4, IPv6, IPv4-mapped IPv6; in one go, or again and again on order. */
#include "traffic.h"

#include <inttypes.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* One round: the client sends, the server answers; returns when both are acknowledged. */
static void client_round(struct endpoint *end, uint64_t bytes, uint64_t reply_bytes)
{
	send_all(end->fd, bytes, number_arg("chunk", 1009));
	recv_all(end->fd, reply_bytes, BUFFER_SIZE);
	settle(end->fd);
	end->tx += bytes;
	end->rx += reply_bytes;
}

static void server_round(struct endpoint *end, uint64_t bytes, uint64_t reply_bytes)
{
	recv_all(end->fd, bytes, BUFFER_SIZE);
	send_all(end->fd, reply_bytes, number_arg("reply_chunk", 4001));
	settle(end->fd);
	end->rx += bytes;
	end->tx += reply_bytes;
}

static void client_exchange(const char *address)
{
	struct endpoint end = endpoint_of("client", connect_one(address));

	client_round(&end, number_arg("bytes", 100003), number_arg("reply_bytes", 50021));
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_first(&end);
}

static void server_exchange(const char *address)
{
	struct endpoint end = endpoint_of("server", accept_one(address));

	server_round(&end, number_arg("bytes", 100003), number_arg("reply_bytes", 50021));
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_second(&end);
}

static void send_client(void)
{
	client_exchange("127.0.0.1");
}

static void send_server(void)
{
	server_exchange("127.0.0.1");
}

static void ipv6_client(void)
{
	client_exchange("::1");
}

static void ipv6_server(void)
{
	server_exchange("::1");
}

static void v4mapped_client(void)
{
	client_exchange("::ffff:127.0.0.1");
}

/* Accepts on the IPv6 wildcard: its end of the connection is an IPv4-mapped socket too. */
static void v4mapped_server(void)
{
	server_exchange("::");
}

/* What a drop rule makes interesting: how much was written, and how much of it is still on its way. */
static void report_moved(int fd, uint64_t bytes)
{
	char json[256];

	snprintf(json, sizeof(json),
		 "{\"event\":\"moved\",\"case\":\"%s\",\"written_bytes\":%" PRIu64 ",\"unacked_bytes\":%" PRIu64
		 ",\"unsent_bytes\":%" PRIu64 "}",
		 case_name(), bytes, unacked_bytes(fd), unsent_bytes(fd));
	report_line('L', json);
}

/* Rounds: each order "go" moves bytes= there and reply_bytes= back; "more" moves more= and more_reply=. */
static void rounds_client(struct endpoint *end)
{
	for (;;) {
		const char *order = next_order();
		if (strcmp(order, "close") == 0)
			break;
		bool more = strcmp(order, "more") == 0;
		uint64_t bytes = more ? number_arg("more", 7001) : number_arg("bytes", 100003);
		uint64_t reply_bytes = more ? number_arg("more_reply", 3001) : number_arg("reply_bytes", 0);
		send_all(end->fd, bytes, number_arg("chunk", 1009));
		report_moved(end->fd, bytes);
		recv_all(end->fd, reply_bytes, BUFFER_SIZE);
		settle(end->fd);
		end->tx += bytes;
		end->rx += reply_bytes;
		report_endpoint(end);
		say_ready();
	}
	close_first(end);
}

static void rounds_server(struct endpoint *end)
{
	for (;;) {
		const char *order = next_order();
		if (strcmp(order, "close") == 0)
			break;
		if (strcmp(order, "more") == 0)
			server_round(end, number_arg("more", 7001), number_arg("more_reply", 3001));
		else
			server_round(end, number_arg("bytes", 100003), number_arg("reply_bytes", 0));
		report_endpoint(end);
		say_ready();
	}
	close_second(end);
}

static void bulk_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	/* Each write is a segment: what a rule drops is known by count. */
	set_option(end.fd, IPPROTO_TCP, TCP_NODELAY, 1);
	report_endpoint(&end);
	say_ready();
	rounds_client(&end);
}

static void bulk_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	report_endpoint(&end);
	say_ready();
	rounds_server(&end);
}

/* Moves data before the first "ready": a connection that is older than who watches. */
static void old_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	client_round(&end, number_arg("bytes", 100003), number_arg("reply_bytes", 50021));
	report_endpoint(&end);
	say_ready();
	rounds_client(&end);
}

static void old_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	server_round(&end, number_arg("bytes", 100003), number_arg("reply_bytes", 50021));
	report_endpoint(&end);
	say_ready();
	rounds_server(&end);
}

/* With the order "go" the client changes what no segment tells of. */
static void option_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	report_endpoint(&end);
	say_ready();
	await_order("go");
	if (setsockopt(end.fd, IPPROTO_TCP, TCP_CONGESTION, "reno", sizeof("reno") - 1) != 0)
		fail("TCP_CONGESTION");
	say_ready();
	await_order("close");
	close_first(&end);
}

static void option_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	report_endpoint(&end);
	say_ready();
	await_order("go");
	say_ready();
	await_order("close");
	close_second(&end);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "send", send_client, send_server },
		{ "ipv6", ipv6_client, ipv6_server },
		{ "v4mapped", v4mapped_client, v4mapped_server },
		{ "twons", send_client, send_server },
		{ "bulk", bulk_client, bulk_server },
		{ "old", old_client, old_server },
		{ "option", option_client, option_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
