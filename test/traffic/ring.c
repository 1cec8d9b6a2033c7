/* io_uring by raw system calls: one operation at a time. */
#define _GNU_SOURCE
#include "ring.h"

#include "traffic.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8

static void *map_ring(int fd, size_t length, uint64_t offset)
{
	void *area = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)offset);

	if (area == MAP_FAILED)
		fail("mmap of io_uring");
	return area;
}

struct ring open_ring(bool polled)
{
	struct io_uring_params params = { 0 };
	struct ring ring = { .polled = polled };

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

int run_on_ring(struct ring *ring, const struct io_uring_sqe *sqe)
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
