/*
 * Datagrams: the UDP cases. The truth of each socket is kept by peer, and is the sum of what the calls on it returned:
 * sends to that peer, and receives from it that took a datagram off the queue (not MSG_PEEK, not MSG_ERRQUEUE).
 */
#ifndef TRAFFIC_DATAGRAM_H
#define TRAFFIC_DATAGRAM_H

#include "traffic.h"

/* A socket and one of its peers. */
struct flow {
	/* AF_UNSPEC: receives that asked an unconnected socket for no name. */
	struct sockaddr_storage remote;
	uint64_t tx;
	uint64_t rx;
	/* The socket was connected to it, and now is to another. */
	bool over;
};

struct udp_socket {
	/* Its identity; `remote` is the peer that it is connected to. */
	struct endpoint end;
	/* In the order of first use. */
	struct flow **flows;
	size_t flow_count;
	/* The same, as tsearch(3) keeps them. */
	void *index;
};

/* socket.c */

/* An unbound socket of that address's family. It drops nothing; a receive that waits for 10 s fails. */
struct udp_socket udp_open(const char *side, const struct sockaddr_storage *address);
/* Bound to an address; port 0 is one that the kernel chooses. */
struct udp_socket udp_bound(const char *side, const struct sockaddr_storage *address);
/* The server's, at server_addr= or the address, and its port told to the client. */
struct udp_socket udp_served(const char *address);
/* What the client sends to: server_addr= or the address, with the port that the server told. */
struct sockaddr_storage hear_server(const char *address);
/* Ends the flow with the peer that it was connected to, if any. */
void udp_connect(struct udp_socket *socket, const struct sockaddr_storage *remote);
/* Finds a peer's flow, or makes it. Valid until the socket is closed. */
struct flow *flow_of(struct udp_socket *socket, const struct sockaddr_storage *remote);
/* The flow of what came without a name: of the connected peer, or the one without a peer. */
struct flow *unnamed_flow_of(struct udp_socket *socket);

/* One datagram to a peer, or, where `to` is NULL, to the connected one. */
void udp_send(struct udp_socket *socket, const struct sockaddr_storage *to, size_t length);
/* One receive that asks for the name, counted but for MSG_PEEK: what it returned. `from` may be NULL. */
size_t udp_receive(struct udp_socket *socket, size_t capacity, int flags, struct sockaddr_storage *from);
/* One receive that asks for no name. */
size_t udp_receive_unnamed(struct udp_socket *socket, size_t capacity, int flags);

/* Datagrams that the socket dropped, as the kernel says. */
uint32_t udp_drops(const struct udp_socket *socket);
/* Takes the local address, which a send or a connect may have given. */
void udp_identify(struct udp_socket *socket);
/* Reports each flow as an open end, but for those that are over. */
void udp_report(struct udp_socket *socket);
/* Closes, and keeps the flows for a later report. */
void udp_close(struct udp_socket *socket);
/* Adds each flow of a closed socket to the final list; `early` tells it at once, too. */
void udp_report_closed(struct udp_socket *socket, bool early);
/* Reports all, waits for the order "close", closes. */
void udp_hold(struct udp_socket sockets[], size_t count);

/* The families of cases, each ended by a NULL name. */
extern const struct traffic_case exchange_cases[];
extern const struct traffic_case batch_cases[];
extern const struct traffic_case ring_cases[];
extern const struct traffic_case send_cases[];
extern const struct traffic_case receive_cases[];
extern const struct traffic_case shared_cases[];
extern const struct traffic_case many_cases[];

#endif
