/* Several datagrams a call: sendmmsg and recvmmsg, to several peers at once; UDP_SEGMENT and UDP_GRO. */
#define _GNU_SOURCE
#include "datagram.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

/* sendmmsg: one call sends to both servers in turn; each server reads its share in one call, and answers in one. */
#define SERVERS 2
#define MOST 64

struct batch {
	size_t count;
	struct mmsghdr messages[MOST];
	struct iovec parts[MOST];
	struct sockaddr_storage names[MOST];
};

static size_t share(void)
{
	uint64_t n = number_arg("n", 20);

	errno = 0;
	if (n * SERVERS > MOST)
		fail("at most %d datagrams each", MOST / SERVERS);
	return (size_t)n;
}

/* Each datagram its own size; all from, and into, the same memory, which nobody looks at. */
static struct batch *batch_of(size_t count, size_t bytes, size_t step)
{
	static struct batch batch;

	batch.count = count;
	for (size_t i = 0; i < count; i++) {
		batch.parts[i] = (struct iovec){ buffer_of(BUFFER_SIZE), bytes + i * step };
		batch.messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &batch.parts[i],
								   .msg_iovlen = 1,
								   .msg_name = &batch.names[i],
								   .msg_namelen = sizeof(batch.names[i]) } };
	}
	return &batch;
}

static void send_batch(struct udp_socket *socket, struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		batch->messages[i].msg_hdr.msg_namelen = address_length(&batch->names[i]);
	int sent = sendmmsg(socket->end.fd, batch->messages, (unsigned int)batch->count, MSG_NOSIGNAL);
	if (sent != (int)batch->count)
		fail("sendmmsg: %d", sent);
	for (size_t i = 0; i < batch->count; i++)
		flow_of(socket, &batch->names[i])->tx += batch->messages[i].msg_len;
}

/* All in one call: they are there already. */
static void receive_batch(struct udp_socket *socket, struct batch *batch)
{
	int received = recvmmsg(socket->end.fd, batch->messages, (unsigned int)batch->count, MSG_DONTWAIT, NULL);

	if (received != (int)batch->count)
		fail("recvmmsg: %d", received);
	for (size_t i = 0; i < batch->count; i++)
		flow_of(socket, &batch->names[i])->rx += batch->messages[i].msg_len;
}

static void sendmmsg_client(void)
{
	struct sockaddr_storage remotes[SERVERS];

	for (size_t i = 0; i < SERVERS; i++)
		remotes[i] = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remotes[0]);
	struct batch *batch = batch_of(share() * SERVERS, 101, 7);
	for (size_t i = 0; i < batch->count; i++)
		batch->names[i] = remotes[i % SERVERS];
	send_batch(&socket, batch);
	meet();
	meet();
	receive_batch(&socket, batch_of(share() * SERVERS, BUFFER_SIZE, 0));
	udp_hold(&socket, 1);
}

static void sendmmsg_server(void)
{
	struct udp_socket sockets[SERVERS];

	for (size_t i = 0; i < SERVERS; i++)
		sockets[i] = udp_served("127.0.0.1");
	meet();
	for (size_t i = 0; i < SERVERS; i++) {
		receive_batch(&sockets[i], batch_of(share(), BUFFER_SIZE, 0));
		/* The names are those that the last call filled in. */
		send_batch(&sockets[i], batch_of(share(), 53 + i, 11));
	}
	meet();
	udp_hold(sockets, SERVERS);
}

/*
 * gso: one call sends what becomes many datagrams; the receiver gets several in one call (gro=1), or one after another.
 */
static const size_t GSO_BYTES[] = { 25000, 40, 60001, 1000 };
static const size_t GSO_REPLY_BYTES[] = { 7001, 12, 30000, 999 };
#define GSO_CALLS 4
#define GSO_SEGMENT 1000

static void prepare_gso(struct udp_socket *socket)
{
	set_option(socket->end.fd, IPPROTO_UDP, UDP_SEGMENT, GSO_SEGMENT);
	set_option(socket->end.fd, IPPROTO_UDP, UDP_GRO, (int)number_arg("gro", 1));
}

static void receive_gso(struct udp_socket *socket, size_t bytes, struct sockaddr_storage *from)
{
	size_t got = 0;

	while (got < bytes)
		got += udp_receive(socket, BUFFER_SIZE, 0, from);
	errno = 0;
	if (got != bytes)
		fail("%zu bytes instead of %zu", got, bytes);
}

static void gso_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);
	bool connects = number_arg("connect", 1) != 0;

	prepare_gso(&socket);
	if (connects)
		udp_connect(&socket, &remote);
	for (size_t i = 0; i < GSO_CALLS; i++) {
		udp_send(&socket, connects ? NULL : &remote, GSO_BYTES[i]);
		receive_gso(&socket, GSO_REPLY_BYTES[i], NULL);
	}
	udp_hold(&socket, 1);
}

static void gso_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");
	struct sockaddr_storage from;

	prepare_gso(&socket);
	for (size_t i = 0; i < GSO_CALLS; i++) {
		receive_gso(&socket, GSO_BYTES[i], &from);
		udp_send(&socket, &from, GSO_REPLY_BYTES[i]);
	}
	udp_hold(&socket, 1);
}

const struct traffic_case batch_cases[] = {
	{ "sendmmsg", sendmmsg_client, sendmmsg_server },
	{ "gso", gso_client, gso_server },
	{ NULL, NULL, NULL },
};
