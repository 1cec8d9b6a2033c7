/* Ways to receive (and not to receive) that hooks on functions get wrong. */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Both of a prime: no mistake by a factor goes unseen. */
#define MESSAGES 23
#define MESSAGE_BYTES 101

static uint64_t messages(void)
{
	return number_arg("messages", MESSAGES);
}

static size_t message_bytes(void)
{
	return number_arg("message_bytes", MESSAGE_BYTES);
}

static void hold_client(struct endpoint *end)
{
	report_endpoint(end);
	say_ready();
	await_order("close");
	close_first(end);
}

static void hold_server(struct endpoint *end)
{
	report_endpoint(end);
	say_ready();
	await_order("close");
	close_second(end);
}

static void peek_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	end.tx = number_arg("bytes", 10007);
	send_all(end.fd, end.tx, message_bytes());
	settle(end.fd);
	hold_client(&end);
}

static void peek_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = number_arg("bytes", 10007);
	await_unread(end.fd, end.rx);
	for (uint64_t i = 0; i < number_arg("peeks", 53); i++)
		if (recv(end.fd, buffer_of(BUFFER_SIZE), BUFFER_SIZE, MSG_PEEK) != (ssize_t)end.rx)
			fail("peek");
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	hold_server(&end);
}

/* The pieces arrive one by one while the server is in one recv(). */
static void waitall_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	set_option(end.fd, IPPROTO_TCP, TCP_NODELAY, 1);
	for (uint64_t i = 0; i < messages(); i++) {
		send_all(end.fd, message_bytes(), message_bytes());
		settle(end.fd);
	}
	end.tx = messages() * message_bytes();
	hold_client(&end);
}

static void waitall_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = messages() * message_bytes();
	if (recv(end.fd, buffer_of(end.rx), end.rx, MSG_WAITALL) != (ssize_t)end.rx)
		fail("recv with MSG_WAITALL");
	hold_server(&end);
}

/* Small messages, each received alone into a large buffer. */
static void bigbuf_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	set_option(end.fd, IPPROTO_TCP, TCP_NODELAY, 1);
	for (uint64_t i = 0; i < messages(); i++) {
		send_all(end.fd, message_bytes(), message_bytes());
		meet();
	}
	end.tx = messages() * message_bytes();
	settle(end.fd);
	hold_client(&end);
}

static void bigbuf_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	for (uint64_t i = 0; i < messages(); i++) {
		if (recv(end.fd, buffer_of(65536), 65536, 0) != (ssize_t)message_bytes())
			fail("a message");
		meet();
	}
	end.rx = messages() * message_bytes();
	hold_server(&end);
}

/* Non-blocking send() until the buffers of both ends are full; returns what was accepted. */
static uint64_t send_until_full(int fd)
{
	uint64_t accepted = 0;
	struct deadline deadline = deadline_in(30000, "the send buffer to stay full");
	unsigned int refusals = 0;

	while (refusals < 3) {
		ssize_t count = send(fd, buffer_of(65521), 65521, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (count >= 0) {
			accepted += (uint64_t)count;
			refusals = 0;
			continue;
		}
		if (errno != EAGAIN)
			fail("send");
		/* Full when nothing leaves any more: all that left is acknowledged, and the window is shut. */
		uint64_t unsent = unsent_bytes(fd);
		for (unsigned int i = 0; i < 250; i++)
			deadline_tick(&deadline);
		if (unsent == unsent_bytes(fd) && unacked_bytes(fd) == unsent)
			refusals++;
		else
			refusals = 0;
	}
	return accepted;
}

static bool ends_with_reset(void)
{
	return strcmp(text_arg("end", "drain"), "reset") == 0;
}

/*
 * On the wire is what was accepted less what the kernel still holds unsent; TCP at the peer has all of it, as
 * all of it is acknowledged. On "close" the server either reads on until all that was accepted has passed
 * (end=drain), or closes on the unread data (end=reset): what had not left by then never will.
 */
static void eagain_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));
	uint64_t accepted = send_until_full(end.fd);

	end.tx = accepted - unsent_bytes(end.fd);
	tell_peer(&end.tx, sizeof(end.tx));
	tell_peer(&accepted, sizeof(accepted));
	report_endpoint(&end);
	say_ready();
	await_order("close");
	if (ends_with_reset()) {
		expect_reset(end.fd);
		close(end.fd);
		report_final(&end, "reset_by_peer");
		return;
	}
	end.tx = accepted;
	close_first(&end);
}

static void eagain_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));
	uint64_t accepted;

	hear_peer(&end.rx, sizeof(end.rx));
	hear_peer(&accepted, sizeof(accepted));
	await_unread(end.fd, end.rx);
	end.unread = end.rx;
	report_endpoint(&end);
	say_ready();
	await_order("close");
	if (ends_with_reset()) {
		close(end.fd);
		report_final(&end, "reset");
		return;
	}
	recv_all(end.fd, accepted, BUFFER_SIZE);
	end.rx = accepted;
	end.unread = 0;
	close_second(&end);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "peek", peek_client, peek_server },
		{ "waitall", waitall_client, waitall_server },
		{ "bigbuf", bigbuf_client, bigbuf_server },
		{ "eagain", eagain_client, eagain_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
