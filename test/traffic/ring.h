/* A minimal io_uring; for the programs that move their bytes through one. */
#ifndef TRAFFIC_RING_H
#define TRAFFIC_RING_H

#include <linux/io_uring.h>
#include <stdbool.h>

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

/* `polled`: the kernel's polling thread does the work. */
struct ring open_ring(bool polled);
/* Submits one operation and waits for its result: bytes, or a negative errno. */
int run_on_ring(struct ring *ring, const struct io_uring_sqe *sqe);

#endif
