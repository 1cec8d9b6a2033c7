/* Data that goes past send() and recv(): sendfile, splice, MSG_ZEROCOPY, TCP_ZEROCOPY_RECEIVE. */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif

/* How this case sends and receives; the rest is the same for all. */
struct mover {
	void (*send)(int fd, uint64_t length);
	void (*receive)(int fd, uint64_t length);
};

static void receive_plainly(int fd, uint64_t length)
{
	recv_all(fd, length, BUFFER_SIZE);
}

static void send_file(int fd, uint64_t length)
{
	int file = memfd_create("traffic", MFD_CLOEXEC);

	if (file < 0 || ftruncate(file, (off_t)length) != 0)
		fail("memfd");
	while (length > 0) {
		ssize_t count = sendfile(fd, file, NULL, length);
		if (count <= 0)
			fail("sendfile");
		length -= (uint64_t)count;
	}
	close(file);
}

static void splice_part(int from, int to, size_t length)
{
	while (length > 0) {
		ssize_t count = splice(from, NULL, to, NULL, length, SPLICE_F_MOVE);
		if (count <= 0)
			fail("splice");
		length -= (size_t)count;
	}
}

static void open_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		fail("pipe");
}

static void send_by_splice(int fd, uint64_t length)
{
	int ends[2];

	open_pipe(ends);
	while (length > 0) {
		size_t part = length < 16381 ? (size_t)length : 16381;
		write_full(ends[1], buffer_of(part), part);
		splice_part(ends[0], fd, part);
		length -= part;
	}
	close(ends[0]);
	close(ends[1]);
}

static void receive_by_splice(int fd, uint64_t length)
{
	int ends[2];

	open_pipe(ends);
	while (length > 0) {
		size_t most = length < 16381 ? (size_t)length : 16381;
		ssize_t count = splice(fd, NULL, ends[1], NULL, most, SPLICE_F_MOVE);
		if (count <= 0)
			fail("splice");
		read_full(ends[0], buffer_of((size_t)count), (size_t)count);
		length -= (uint64_t)count;
	}
	close(ends[0]);
	close(ends[1]);
}

/* Takes notices off the error queue until `calls` sends are complete. */
static void await_completions(int fd, uint32_t calls)
{
	uint32_t completed = 0;

	while (completed < calls) {
		char control[128];
		struct msghdr message = { .msg_control = control, .msg_controllen = sizeof(control) };
		struct pollfd wait = { .fd = fd };
		if (recvmsg(fd, &message, MSG_ERRQUEUE) < 0) {
			if (errno != EAGAIN)
				fail("recvmsg with MSG_ERRQUEUE");
			poll(&wait, 1, 1000);
			continue;
		}
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		struct sock_extended_err notice;
		if (header == NULL)
			fail("no notice of zero-copy");
		memcpy(&notice, CMSG_DATA(header), sizeof(notice));
		if (notice.ee_origin != SO_EE_ORIGIN_ZEROCOPY)
			fail("an error instead of a notice");
		completed += notice.ee_data - notice.ee_info + 1;
	}
}

static void send_without_copy(int fd, uint64_t length)
{
	uint32_t calls = 0;

	set_option(fd, SOL_SOCKET, SO_ZEROCOPY, 1);
	while (length > 0) {
		size_t part = length < 20011 ? (size_t)length : 20011;
		ssize_t count = send(fd, buffer_of(part), part, MSG_ZEROCOPY | MSG_NOSIGNAL);
		if (count <= 0)
			fail("send with MSG_ZEROCOPY");
		length -= (uint64_t)count;
		calls++;
	}
	await_completions(fd, calls);
}

/* Maps the whole pages of what arrived, and copies the rest, as the kernel proposes. */
static void receive_without_copy(int fd, uint64_t length)
{
	size_t window = 256 * 1024;
	void *pages = mmap(NULL, window, PROT_READ, MAP_SHARED, fd, 0);

	if (pages == MAP_FAILED)
		fail("mmap of a socket");
	while (length > 0) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		struct tcp_zerocopy_receive receive = { .address = (uint64_t)(uintptr_t)pages,
							.length = (uint32_t)window };
		socklen_t size = sizeof(receive);
		poll(&wait, 1, -1);
		if (getsockopt(fd, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &receive, &size) != 0)
			fail("TCP_ZEROCOPY_RECEIVE");
		length -= receive.length;
		if (receive.recv_skip_hint > 0) {
			size_t part = receive.recv_skip_hint < BUFFER_SIZE ? receive.recv_skip_hint : BUFFER_SIZE;
			recv_all(fd, part, part);
			length -= part;
		}
	}
	munmap(pages, window);
}

static void client(const struct mover *mover)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	end.tx = number_arg("bytes", 300007);
	end.rx = number_arg("reply_bytes", 70001);
	mover->send(end.fd, end.tx);
	mover->receive(end.fd, end.rx);
	settle(end.fd);
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_first(&end);
}

static void server(const struct mover *mover)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = number_arg("bytes", 300007);
	end.tx = number_arg("reply_bytes", 70001);
	mover->receive(end.fd, end.rx);
	mover->send(end.fd, end.tx);
	settle(end.fd);
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_second(&end);
}

static const struct mover by_sendfile = { send_file, receive_plainly };
static const struct mover by_splice = { send_by_splice, receive_by_splice };
static const struct mover without_copy = { send_without_copy, receive_plainly };
static const struct mover without_any_copy = { send_without_copy, receive_without_copy };

static void sendfile_client(void)
{
	client(&by_sendfile);
}

static void sendfile_server(void)
{
	server(&by_sendfile);
}

static void splice_client(void)
{
	client(&by_splice);
}

static void splice_server(void)
{
	server(&by_splice);
}

static void zerocopy_client(void)
{
	client(&without_copy);
}

static void zerocopy_server(void)
{
	server(&without_copy);
}

static void zerocopy_receive_client(void)
{
	client(&without_any_copy);
}

static void zerocopy_receive_server(void)
{
	server(&without_any_copy);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "sendfile", sendfile_client, sendfile_server },
		{ "splice", splice_client, splice_server },
		{ "zerocopy", zerocopy_client, zerocopy_server },
		{ "zerocopy-receive", zerocopy_receive_client, zerocopy_receive_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
