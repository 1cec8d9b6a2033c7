/* UDP sockets that count by peer what their calls returned. */
#define _GNU_SOURCE
#include "datagram.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

struct udp_socket udp_open(const char *side, const struct sockaddr_storage *address)
{
	struct timeval patience = { .tv_sec = 10 };
	const int room = 64 * 1024 * 1024;
	int fd = socket(address->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0)
		fail("socket");
	/* Past the host's limit, where that is allowed: it holds all that any case sends before somebody reads. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		set_option(fd, SOL_SOCKET, SO_RCVBUF, room);
	if (strcmp(side, "client") == 0)
		bind_to_client_device(fd);
	return (struct udp_socket){ .end = endpoint_of(side, fd) };
}

struct udp_socket udp_bound(const char *side, const struct sockaddr_storage *address)
{
	struct udp_socket socket = udp_open(side, address);

	if (bind(socket.end.fd, (const struct sockaddr *)address, address_length(address)) != 0)
		fail("bind");
	udp_identify(&socket);
	return socket;
}

struct udp_socket udp_served(const char *address)
{
	struct sockaddr_storage local = parse_address(text_arg("server_addr", address), 0);
	struct udp_socket socket = udp_bound("server", &local);

	tell_port(socket.end.fd);
	return socket;
}

struct sockaddr_storage hear_server(const char *address)
{
	uint16_t port;

	hear_peer(&port, sizeof(port));
	return parse_address(text_arg("server_addr", address), port);
}

void udp_connect(struct udp_socket *socket, const struct sockaddr_storage *remote)
{
	if (socket->end.remote.ss_family != AF_UNSPEC)
		unnamed_flow_of(socket)->over = true;
	connect_to(socket->end.fd, remote);
	socket->end.remote = *remote;
	udp_identify(socket);
}

/* Of the same family, or of none. */
static int compare_addresses(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return a->ss_family < b->ss_family ? -1 : 1;
	if (a->ss_family == AF_UNSPEC)
		return 0;
	if (port_of(a) != port_of(b))
		return port_of(a) < port_of(b) ? -1 : 1;
	if (a->ss_family == AF_INET)
		return memcmp(&((const struct sockaddr_in *)a)->sin_addr, &((const struct sockaddr_in *)b)->sin_addr,
			      sizeof(struct in_addr));
	return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr, &((const struct sockaddr_in6 *)b)->sin6_addr,
		      sizeof(struct in6_addr));
}

static int compare_flows(const void *a, const void *b)
{
	return compare_addresses(&((const struct flow *)a)->remote, &((const struct flow *)b)->remote);
}

struct flow *flow_of(struct udp_socket *socket, const struct sockaddr_storage *remote)
{
	struct flow key = { .remote = *remote };
	struct flow **found = tfind(&key, &socket->index, compare_flows);

	if (found != NULL)
		return *found;
	struct flow *flow = malloc(sizeof(*flow));
	if (flow == NULL)
		fail("memory");
	*flow = key;
	socket->flows = realloc(socket->flows, (socket->flow_count + 1) * sizeof(flow));
	if (socket->flows == NULL || tsearch(flow, &socket->index, compare_flows) == NULL)
		fail("memory");
	socket->flows[socket->flow_count++] = flow;
	return flow;
}

struct flow *unnamed_flow_of(struct udp_socket *socket)
{
	return flow_of(socket, &socket->end.remote);
}

void udp_send(struct udp_socket *socket, const struct sockaddr_storage *to, size_t length)
{
	ssize_t count = sendto(socket->end.fd, buffer_of(length), length, MSG_NOSIGNAL, (const struct sockaddr *)to,
			       to == NULL ? 0 : address_length(to));

	if (count < 0)
		fail("sendto");
	flow_of(socket, to == NULL ? &socket->end.remote : to)->tx += (uint64_t)count;
}

size_t udp_receive(struct udp_socket *socket, size_t capacity, int flags, struct sockaddr_storage *from)
{
	struct sockaddr_storage remote = { 0 };
	socklen_t length = sizeof(remote);
	ssize_t count =
		recvfrom(socket->end.fd, buffer_of(capacity), capacity, flags, (struct sockaddr *)&remote, &length);

	if (count < 0)
		fail("recvfrom");
	if ((flags & MSG_PEEK) == 0)
		flow_of(socket, &remote)->rx += (uint64_t)count;
	if (from != NULL)
		*from = remote;
	return (size_t)count;
}

size_t udp_receive_unnamed(struct udp_socket *socket, size_t capacity, int flags)
{
	ssize_t count = recv(socket->end.fd, buffer_of(capacity), capacity, flags);

	if (count < 0)
		fail("recv");
	if ((flags & MSG_PEEK) == 0)
		unnamed_flow_of(socket)->rx += (uint64_t)count;
	return (size_t)count;
}

uint32_t udp_drops(const struct udp_socket *socket)
{
	uint32_t memory[SK_MEMINFO_VARS];
	socklen_t length = sizeof(memory);

	if (getsockopt(socket->end.fd, SOL_SOCKET, SO_MEMINFO, memory, &length) != 0)
		fail("SO_MEMINFO");
	return memory[SK_MEMINFO_DROPS];
}

void udp_identify(struct udp_socket *socket)
{
	socklen_t length = sizeof(socket->end.local);

	if (getsockname(socket->end.fd, (struct sockaddr *)&socket->end.local, &length) != 0)
		fail("getsockname");
}

/* To an IPv4-mapped peer, the wildcard :: is the one of IPv4. */
static struct sockaddr_storage local_to(const struct sockaddr_storage *remote, const struct sockaddr_storage *local)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)local;
	bool mapped = remote->ss_family == AF_INET6 &&
		      IN6_IS_ADDR_V4MAPPED(&((const struct sockaddr_in6 *)remote)->sin6_addr);

	return mapped && IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr) ? parse_address("0.0.0.0", port_of(local)) : *local;
}

static struct endpoint end_of(const struct udp_socket *socket, const struct flow *flow)
{
	struct endpoint end = socket->end;

	end.connected = end.remote.ss_family != AF_UNSPEC && compare_addresses(&end.remote, &flow->remote) == 0;
	end.remote = flow->remote;
	end.local = local_to(&flow->remote, &socket->end.local);
	end.tx = flow->tx;
	end.rx = flow->rx;
	return end;
}

void udp_report(struct udp_socket *socket)
{
	udp_identify(socket);
	socket->end.drops = udp_drops(socket);
	for (size_t i = 0; i < socket->flow_count; i++) {
		struct endpoint end = end_of(socket, socket->flows[i]);
		if (socket->flows[i]->over)
			report_ended(&end, "closed");
		else
			report_endpoint(&end);
	}
}

void udp_close(struct udp_socket *socket)
{
	udp_identify(socket);
	socket->end.drops = udp_drops(socket);
	close(socket->end.fd);
	socket->end.fd = -1;
}

void udp_report_closed(struct udp_socket *socket, bool early)
{
	for (size_t i = 0; i < socket->flow_count; i++) {
		struct endpoint end = end_of(socket, socket->flows[i]);
		if (early)
			report_ended(&end, "closed");
		report_final(&end, "closed");
	}
}

void udp_hold(struct udp_socket sockets[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		udp_report(&sockets[i]);
	say_ready();
	await_order("close");
	for (size_t i = 0; i < count; i++) {
		udp_close(&sockets[i]);
		udp_report_closed(&sockets[i], false);
	}
}
