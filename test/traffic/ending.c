/* Ways in which a connection ends. */
#include "traffic.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BYTES 12007
#define REPLY_BYTES 5003

/* Connects and moves data both ways, all of it read and acknowledged. */
static struct endpoint open_client(void)
{
	struct endpoint end = endpoint_of("client", connect_one("127.0.0.1"));

	end.tx = number_arg("bytes", BYTES);
	end.rx = number_arg("reply_bytes", REPLY_BYTES);
	send_all(end.fd, end.tx, 1009);
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	settle(end.fd);
	return end;
}

static struct endpoint open_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = number_arg("bytes", BYTES);
	end.tx = number_arg("reply_bytes", REPLY_BYTES);
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	send_all(end.fd, end.tx, 1009);
	settle(end.fd);
	return end;
}

static void hold(const struct endpoint *end)
{
	report_endpoint(end);
	say_ready();
	await_order("close");
}

static void finish(struct endpoint *end, const char *end_reason)
{
	if (end->fd >= 0)
		close(end->fd);
	end->fd = -1;
	report_final(end, end_reason);
}

/* The client's direction is shut while the server sends on: held there, and once more on "close". */
static void halfclose_client(void)
{
	struct endpoint end = open_client();
	uint64_t after = number_arg("after", 8009);

	if (shutdown(end.fd, SHUT_WR) != 0)
		fail("shutdown");
	recv_all(end.fd, after, BUFFER_SIZE);
	end.rx += after;
	/* The FIN is acknowledged like a byte. */
	settle(end.fd);
	hold(&end);
	recv_all(end.fd, after, BUFFER_SIZE);
	end.rx += after;
	expect_eof(end.fd);
	finish(&end, "fin");
}

static void halfclose_server(void)
{
	struct endpoint end = open_server();
	uint64_t after = number_arg("after", 8009);

	expect_eof(end.fd);
	send_all(end.fd, after, 1009);
	end.tx += after;
	settle(end.fd);
	hold(&end);
	send_all(end.fd, after, 1009);
	end.tx += after;
	finish(&end, "fin");
}

/* The client closes; the server keeps its direction open until the client's full socket is gone. */
static void orphan_client(void)
{
	struct endpoint end = open_client();

	hold(&end);
	finish(&end, "closed");
}

static void orphan_server(void)
{
	struct endpoint end = open_server();

	hold(&end);
	expect_eof(end.fd);
	await_peer_mini_socket(&end);
	finish(&end, "fin");
}

static void send_reset(struct endpoint *end)
{
	hold(end);
	close_with_reset(end->fd);
	end->fd = -1;
	finish(end, "reset");
}

static void receive_reset(struct endpoint *end)
{
	hold(end);
	expect_reset(end->fd);
	finish(end, "reset_by_peer");
}

static void rst_client_client(void)
{
	struct endpoint end = open_client();

	send_reset(&end);
}

static void rst_client_server(void)
{
	struct endpoint end = open_server();

	receive_reset(&end);
}

static void rst_server_client(void)
{
	struct endpoint end = open_client();

	receive_reset(&end);
}

static void rst_server_server(void)
{
	struct endpoint end = open_server();

	send_reset(&end);
}

static bool server_has_the_part(void)
{
	return strcmp(text_arg("side", "client"), "server") == 0;
}

/* Bytes that the peer's application never reads: received all the same. */
static void leave_unread(struct endpoint *end, uint64_t bytes)
{
	await_unread(end->fd, bytes);
	end->rx += bytes;
	end->unread = bytes;
}

static void send_unread(struct endpoint *end, uint64_t bytes)
{
	send_all(end->fd, bytes, 1009);
	settle(end->fd);
	end->tx += bytes;
}

/* close() with unread data sends RST: by the client, or with side=server by the server. */
static void close_unread(struct endpoint *end, bool closes)
{
	uint64_t unread = number_arg("unread", 3001);

	if (closes) {
		leave_unread(end, unread);
		hold(end);
		finish(end, "reset");
	} else {
		send_unread(end, unread);
		receive_reset(end);
	}
}

static void rst_unread_client(void)
{
	struct endpoint end = open_client();

	close_unread(&end, !server_has_the_part());
}

static void rst_unread_server(void)
{
	struct endpoint end = open_server();

	close_unread(&end, server_has_the_part());
}

/*
 * SIGKILL to the client, or with side=server to the server, with unread=N bytes unread there. Without any the
 * kernel sends FIN for the dead and gives its socket up when that is acknowledged; with some it sends RST.
 */
static void be_killed(struct endpoint *end)
{
	uint64_t unread = number_arg("unread", 0);

	if (unread > 0)
		leave_unread(end, unread);
	tell_peer(&end->pid, sizeof(end->pid));
	report_endpoint(end);
	report_final(end, unread > 0 ? "reset" : "closed");
	say_done();
	for (;;)
		next_order();
}

static void kill_peer(struct endpoint *end)
{
	uint64_t unread = number_arg("unread", 0);
	pid_t victim;

	if (unread > 0)
		send_unread(end, unread);
	hear_peer(&victim, sizeof(victim));
	hold(end);
	if (kill(victim, SIGKILL) != 0)
		fail("kill");
	if (unread > 0) {
		expect_reset(end->fd);
		finish(end, "reset_by_peer");
		return;
	}
	expect_eof(end->fd);
	await_peer_mini_socket(end);
	finish(end, "fin");
}

static void kill9_client(void)
{
	struct endpoint end = open_client();

	if (server_has_the_part())
		kill_peer(&end);
	else
		be_killed(&end);
}

static void kill9_server(void)
{
	struct endpoint end = open_server();

	if (server_has_the_part())
		be_killed(&end);
	else
		kill_peer(&end);
}

/* A port that is bound and not listened on answers with RST, and nobody else takes it meanwhile. */
static void refused_client(void)
{
	struct sockaddr_storage local = parse_address("127.0.0.1", 0);
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct sockaddr_storage remote = parse_address("127.0.0.1", port);
	int fd = open_socket(&remote, IPPROTO_TCP);
	/* The local port is told by bind() only: after the refusal the socket has none. */
	if (bind(fd, (struct sockaddr *)&local, address_length(&local)) != 0)
		fail("bind");
	struct endpoint end = endpoint_of("client", fd);
	end.remote = remote;
	errno = 0;
	if (connect(fd, (struct sockaddr *)&remote, address_length(&remote)) == 0 || errno != ECONNREFUSED)
		fail("expected a refusal");
	finish(&end, "refused");
}

static void refused_server(void)
{
	struct sockaddr_storage local = parse_address("127.0.0.1", 0);
	socklen_t length = sizeof(local);
	int fd = open_socket(&local, IPPROTO_TCP);

	if (bind(fd, (struct sockaddr *)&local, address_length(&local)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&local, &length) != 0)
		fail("bind");
	uint16_t port = port_of(&local);
	tell_peer(&port, sizeof(port));
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "halfclose", halfclose_client, halfclose_server },
		{ "orphan", orphan_client, orphan_server },
		{ "rst-client", rst_client_client, rst_client_server },
		{ "rst-server", rst_server_client, rst_server_server },
		{ "rst-unread", rst_unread_client, rst_unread_server },
		{ "kill9", kill9_client, kill9_server },
		{ "refused", refused_client, refused_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
