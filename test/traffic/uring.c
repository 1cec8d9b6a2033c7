/*
 * send and recv through io_uring, by raw system calls. mode=plain uses the socket's descriptor; mode=direct
 * only a direct descriptor of the ring (the process has no file descriptor for the socket any more);
 * mode=sqpoll lets the kernel's polling thread do the work.
 */
#define _GNU_SOURCE
#include "ring.h"
#include "traffic.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A socket as the ring knows it: a file descriptor, or an index in the ring's own table. */
struct ring_socket {
	int fd;
	uint8_t sqe_flags;
};

static bool mode_is(const char *mode)
{
	return strcmp(text_arg("mode", "plain"), mode) == 0;
}

static int transfer(struct ring *ring, const struct ring_socket *socket, uint8_t opcode, size_t length)
{
	struct io_uring_sqe sqe = { .opcode = opcode, .fd = socket->fd, .flags = socket->sqe_flags };

	sqe.addr = (uint64_t)(uintptr_t)buffer_of(length);
	sqe.len = (uint32_t)length;
	sqe.msg_flags = opcode == IORING_OP_SEND ? MSG_NOSIGNAL : 0;
	int result = run_on_ring(ring, &sqe);
	if (result < 0) {
		errno = -result;
		fail("io_uring operation %u", opcode);
	}
	return result;
}

static void transfer_all(struct ring *ring, const struct ring_socket *socket, uint8_t opcode, uint64_t length)
{
	while (length > 0) {
		int count = transfer(ring, socket, opcode, length < 8191 ? length : 8191);
		errno = 0;
		if (count == 0)
			fail("io_uring: %llu bytes missing", (unsigned long long)length);
		length -= (uint64_t)count;
	}
}

static struct ring_socket register_socket(struct ring *ring, struct endpoint *end)
{
	if (!mode_is("direct"))
		return (struct ring_socket){ .fd = end->fd };
	if (syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, &end->fd, 1) != 0)
		fail("IORING_REGISTER_FILES");
	close(end->fd);
	end->fd = -1;
	end->note = "io_uring direct descriptor";
	return (struct ring_socket){ .fd = 0, .sqe_flags = IOSQE_FIXED_FILE };
}

/* Without a descriptor there is nothing to ask TCP_INFO of: all is read when both ends have met. */
static void hold(const struct endpoint *end)
{
	if (end->fd >= 0)
		settle(end->fd);
	meet();
	if (end->fd >= 0)
		report_endpoint(end);
	else
		report_ended(end, NULL);
	say_ready();
	await_order("close");
}

static void shut(struct ring *ring, const struct ring_socket *socket)
{
	struct io_uring_sqe sqe = { .opcode = IORING_OP_SHUTDOWN, .fd = socket->fd, .flags = socket->sqe_flags };

	sqe.len = SHUT_WR;
	int result = run_on_ring(ring, &sqe);
	if (result != 0) {
		errno = -result;
		fail("IORING_OP_SHUTDOWN");
	}
}

static void finish(struct ring *ring, struct endpoint *end)
{
	if (end->fd < 0 && syscall(SYS_io_uring_register, ring->fd, IORING_UNREGISTER_FILES, NULL, 0) != 0)
		fail("IORING_UNREGISTER_FILES");
	if (end->fd >= 0)
		close(end->fd);
	end->fd = -1;
	report_final(end, "fin");
}

static void expect_fin(struct ring *ring, const struct ring_socket *socket)
{
	int count = transfer(ring, socket, IORING_OP_RECV, 1);

	errno = 0;
	if (count != 0)
		fail("expected the peer's FIN");
}

static void client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));
	struct ring ring = open_ring(mode_is("sqpoll"));
	struct ring_socket socket = register_socket(&ring, &end);

	end.tx = number_arg("bytes", 100003);
	end.rx = number_arg("reply_bytes", 50021);
	transfer_all(&ring, &socket, IORING_OP_SEND, end.tx);
	transfer_all(&ring, &socket, IORING_OP_RECV, end.rx);
	hold(&end);
	shut(&ring, &socket);
	expect_fin(&ring, &socket);
	finish(&ring, &end);
}

static void server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));
	struct ring ring = open_ring(mode_is("sqpoll"));
	struct ring_socket socket = register_socket(&ring, &end);

	end.rx = number_arg("bytes", 100003);
	end.tx = number_arg("reply_bytes", 50021);
	transfer_all(&ring, &socket, IORING_OP_RECV, end.rx);
	transfer_all(&ring, &socket, IORING_OP_SEND, end.tx);
	hold(&end);
	expect_fin(&ring, &socket);
	shut(&ring, &socket);
	finish(&ring, &end);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "io_uring", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
