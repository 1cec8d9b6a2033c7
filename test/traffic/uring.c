/*
 * send and recv through io_uring, by raw system calls. mode=plain uses the socket's descriptor; mode=direct
 * only a direct descriptor of the ring (the process has no file descriptor for the socket any more);
 * mode=sqpoll lets the kernel's polling thread do the work.
 */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8

struct ring {
	int fd;
	bool polled;
	unsigned int *sq_tail;
	unsigned int *sq_mask;
	unsigned int *sq_flags;
	unsigned int *sq_array;
	struct io_uring_sqe *sqes;
	unsigned int *cq_head;
	unsigned int *cq_tail;
	unsigned int *cq_mask;
	struct io_uring_cqe *cqes;
};

/* A socket as the ring knows it: a file descriptor, or an index in the ring's own table. */
struct ring_socket {
	int fd;
	uint8_t sqe_flags;
};

static bool mode_is(const char *mode)
{
	return strcmp(text_arg("mode", "plain"), mode) == 0;
}

static void *map_ring(int fd, size_t length, uint64_t offset)
{
	void *area = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)offset);

	if (area == MAP_FAILED)
		fail("mmap of io_uring");
	return area;
}

static struct ring open_ring(void)
{
	struct io_uring_params params = { 0 };
	struct ring ring = { .polled = mode_is("sqpoll") };

	if (ring.polled) {
		params.flags = IORING_SETUP_SQPOLL;
		params.sq_thread_idle = 100;
	}
	ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring.fd < 0)
		fail("io_uring_setup");
	size_t sq_length = params.sq_off.array + params.sq_entries * sizeof(unsigned int);
	size_t cq_length = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	char *sq = map_ring(ring.fd, sq_length, IORING_OFF_SQ_RING);
	char *cq = map_ring(ring.fd, cq_length, IORING_OFF_CQ_RING);
	ring.sqes = map_ring(ring.fd, params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	ring.sq_tail = (unsigned int *)(sq + params.sq_off.tail);
	ring.sq_mask = (unsigned int *)(sq + params.sq_off.ring_mask);
	ring.sq_flags = (unsigned int *)(sq + params.sq_off.flags);
	ring.sq_array = (unsigned int *)(sq + params.sq_off.array);
	ring.cq_head = (unsigned int *)(cq + params.cq_off.head);
	ring.cq_tail = (unsigned int *)(cq + params.cq_off.tail);
	ring.cq_mask = (unsigned int *)(cq + params.cq_off.ring_mask);
	ring.cqes = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
	return ring;
}

/* Submits one operation and waits for its result: bytes, or a negative errno. */
static int run(struct ring *ring, const struct io_uring_sqe *sqe)
{
	unsigned int tail = *ring->sq_tail;
	unsigned int head = *ring->cq_head;

	ring->sqes[tail & *ring->sq_mask] = *sqe;
	ring->sq_array[tail & *ring->sq_mask] = tail & *ring->sq_mask;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_SEQ_CST);
	unsigned int submit = ring->polled ? 0 : 1;
	unsigned int flags = IORING_ENTER_GETEVENTS;
	while (__atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE) == head) {
		bool asleep = (__atomic_load_n(ring->sq_flags, __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP) != 0;
		long count = syscall(SYS_io_uring_enter, ring->fd, submit, 1,
				     flags | (ring->polled && asleep ? IORING_ENTER_SQ_WAKEUP : 0), NULL, 0);
		if (count < 0 && errno != EINTR)
			fail("io_uring_enter");
		if (count >= 0)
			submit = 0;
	}
	int result = ring->cqes[head & *ring->cq_mask].res;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return result;
}

static int transfer(struct ring *ring, const struct ring_socket *socket, uint8_t opcode, size_t length)
{
	struct io_uring_sqe sqe = { .opcode = opcode, .fd = socket->fd, .flags = socket->sqe_flags };

	sqe.addr = (uint64_t)(uintptr_t)buffer_of(length);
	sqe.len = (uint32_t)length;
	sqe.msg_flags = opcode == IORING_OP_SEND ? MSG_NOSIGNAL : 0;
	int result = run(ring, &sqe);
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
	int result = run(ring, &sqe);
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
	struct ring ring = open_ring();
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
	struct ring ring = open_ring();
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
