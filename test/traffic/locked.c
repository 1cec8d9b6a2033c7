/*
 * A socket that stays locked: send() copies from user memory with the socket locked, and the second page of
 * what it sends is registered with userfaultfd, so that the thread stays in the fault (and the lock held) until
 * the order "release". Whoever asks the kernel for this socket's details waits as long.
 */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BEFORE 5003

struct locked_send {
	int fd;
	char *pages;
	size_t length;
};

static void *send_pages(void *argument)
{
	const struct locked_send *locked = argument;

	if (send(locked->fd, locked->pages, locked->length, MSG_NOSIGNAL) != (ssize_t)locked->length)
		fail("send");
	return NULL;
}

/* Registers one page: its first touch is reported on the returned descriptor, and waits. */
static int guard_page(char *page, size_t length)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .range = { (uint64_t)(uintptr_t)page, length },
					 .mode = UFFDIO_REGISTER_MODE_MISSING };
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) != 0 || ioctl(faults, UFFDIO_REGISTER, &range) != 0)
		fail("userfaultfd");
	return faults;
}

static void await_fault(int faults)
{
	struct uffd_msg message;

	if (read(faults, &message, sizeof(message)) != (ssize_t)sizeof(message) ||
	    message.event != UFFD_EVENT_PAGEFAULT)
		fail("a page fault");
}

static void release_page(int faults, char *page, size_t length)
{
	struct uffdio_copy copy = { .dst = (uint64_t)(uintptr_t)page,
				    .src = (uint64_t)(uintptr_t)buffer_of(length),
				    .len = length };

	if (ioctl(faults, UFFDIO_COPY, &copy) != 0)
		fail("UFFDIO_COPY");
}

static size_t page_length(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static void client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));
	size_t length = page_length();
	char *pages = mmap(NULL, 2 * length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct locked_send locked = { end.fd, pages, 2 * length };
	pthread_t thread;

	if (pages == MAP_FAILED)
		fail("mmap");
	memset(pages, 0, length);
	int faults = guard_page(pages + length, length);
	end.tx = BEFORE;
	send_all(end.fd, end.tx, BUFFER_SIZE);
	settle(end.fd);
	/* Before the lock: afterwards even TCP_INFO waits. */
	report_endpoint(&end);
	errno = pthread_create(&thread, NULL, send_pages, &locked);
	if (errno != 0)
		fail("pthread_create");
	await_fault(faults);
	say_ready();
	await_order("release");
	release_page(faults, pages + length, length);
	errno = pthread_join(thread, NULL);
	if (errno != 0)
		fail("pthread_join");
	end.tx += locked.length;
	settle(end.fd);
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_first(&end);
}

static void server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = BEFORE;
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	report_endpoint(&end);
	say_ready();
	await_order("release");
	recv_all(end.fd, 2 * page_length(), BUFFER_SIZE);
	end.rx += 2 * page_length();
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_second(&end);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "locked", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
