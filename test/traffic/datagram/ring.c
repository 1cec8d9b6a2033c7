/* io_uring: SENDMSG and RECVMSG with names; connect=1: SEND and RECV; mode=sqpoll lets the kernel's thread do it. */
#define _GNU_SOURCE
#include "ring.h"

#include "datagram.h"

#include <errno.h>
#include <string.h>

#define DATAGRAMS 23

static bool connects(void)
{
	return number_arg("connect", 0) != 0;
}

static struct ring ring_of_mode(void)
{
	return open_ring(strcmp(text_arg("mode", "plain"), "sqpoll") == 0);
}

static uint64_t run(struct ring *ring, const struct io_uring_sqe *sqe)
{
	int result = run_on_ring(ring, sqe);

	if (result < 0) {
		errno = -result;
		fail("io_uring operation %u", sqe->opcode);
	}
	return (uint64_t)result;
}

/* On the connected peer. */
static void transfer(struct ring *ring, struct udp_socket *socket, uint8_t opcode, size_t length)
{
	struct io_uring_sqe sqe = { .opcode = opcode, .fd = socket->end.fd, .len = (uint32_t)length };
	struct flow *flow = unnamed_flow_of(socket);

	sqe.addr = (uint64_t)(uintptr_t)buffer_of(length);
	*(opcode == IORING_OP_SEND ? &flow->tx : &flow->rx) += run(ring, &sqe);
}

/* With the peer's name, given or filled in. */
static void transfer_message(struct ring *ring, struct udp_socket *socket, uint8_t opcode,
			     struct sockaddr_storage *name, size_t length)
{
	bool sends = opcode == IORING_OP_SENDMSG;
	struct iovec part = { buffer_of(length), length };
	struct msghdr message = { .msg_name = name,
				  .msg_namelen = sends ? address_length(name) : sizeof(*name),
				  .msg_iov = &part,
				  .msg_iovlen = 1 };
	struct io_uring_sqe sqe = { .opcode = opcode, .fd = socket->end.fd, .len = 1 };

	sqe.addr = (uint64_t)(uintptr_t)&message;
	uint64_t count = run(ring, &sqe);
	struct flow *flow = flow_of(socket, name);
	*(sends ? &flow->tx : &flow->rx) += count;
}

static void send_one(struct ring *ring, struct udp_socket *socket, struct sockaddr_storage *to, size_t length)
{
	if (connects())
		transfer(ring, socket, IORING_OP_SEND, length);
	else
		transfer_message(ring, socket, IORING_OP_SENDMSG, to, length);
}

static void receive_one(struct ring *ring, struct udp_socket *socket, struct sockaddr_storage *from)
{
	if (connects())
		transfer(ring, socket, IORING_OP_RECV, BUFFER_SIZE);
	else
		transfer_message(ring, socket, IORING_OP_RECVMSG, from, BUFFER_SIZE);
}

static void client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);
	struct ring ring = ring_of_mode();

	if (connects()) {
		udp_connect(&socket, &remote);
		tell_peer(&socket.end.local, sizeof(socket.end.local));
	}
	for (size_t i = 0; i < DATAGRAMS; i++) {
		struct sockaddr_storage from = { 0 };
		send_one(&ring, &socket, &remote, 101 + i);
		receive_one(&ring, &socket, &from);
	}
	udp_hold(&socket, 1);
}

static void server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");
	struct ring ring = ring_of_mode();

	if (connects()) {
		struct sockaddr_storage remote;
		hear_peer(&remote, sizeof(remote));
		udp_connect(&socket, &remote);
	}
	for (size_t i = 0; i < DATAGRAMS; i++) {
		struct sockaddr_storage from = { 0 };
		receive_one(&ring, &socket, &from);
		send_one(&ring, &socket, &from, 53 + i);
	}
	udp_hold(&socket, 1);
}

const struct traffic_case ring_cases[] = {
	{ "io_uring", client, server },
	{ NULL, NULL, NULL },
};
