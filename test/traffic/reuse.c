/*
 * One socket, several connections: connect, move data, disconnect with connect(AF_UNSPEC), connect again.
 * refused=1 begins with an attempt that is refused; end=fin ends each connection but the last in order
 * (else the disconnect sends RST); hold=1 waits for the order "next" before each disconnect.
 */
#include "traffic.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 3

static const uint64_t BYTES[CONNECTIONS] = { 10007, 503, 70001 };
static const uint64_t REPLY_BYTES[CONNECTIONS] = { 211, 9001, 3001 };

static bool ends_with_fin(void)
{
	return strcmp(text_arg("end", "rst"), "fin") == 0;
}

/* Both ends of connection `index` have been reported and may be disconnected. */
static void hold(const struct endpoint *end, int index)
{
	report_endpoint(end);
	/* Neither end goes on before the other has looked at its own. */
	meet();
	if (index < CONNECTIONS - 1 && number_arg("hold", 0) == 0)
		return;
	say_ready();
	await_order(index < CONNECTIONS - 1 ? "next" : "close");
}

static void disconnect(int fd)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	if (connect(fd, &nowhere, sizeof(nowhere)) != 0)
		fail("connect to AF_UNSPEC");
}

static void attempt_refused(int fd)
{
	struct sockaddr_storage local = parse_address("127.0.0.1", 0);
	socklen_t length = sizeof(local);
	int closed = open_socket(&local, IPPROTO_TCP);

	/* Bound and not listened on: answers with RST. */
	if (bind(closed, (struct sockaddr *)&local, sizeof(struct sockaddr_in)) != 0 ||
	    getsockname(closed, (struct sockaddr *)&local, &length) != 0)
		fail("bind");
	struct sockaddr_storage own = parse_address("127.0.0.1", 0);
	if (bind(fd, (struct sockaddr *)&own, sizeof(struct sockaddr_in)) != 0)
		fail("bind");
	struct endpoint end = endpoint_of("client", fd);
	end.remote = local;
	errno = 0;
	if (connect(fd, (struct sockaddr *)&local, sizeof(struct sockaddr_in)) == 0 || errno != ECONNREFUSED)
		fail("expected a refusal");
	close(closed);
	report_final(&end, "refused");
}

static void client(void)
{
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct sockaddr_storage remote = parse_address("127.0.0.1", port);
	int fd = open_socket(&remote, IPPROTO_TCP);
	unsigned int before = number_arg("refused", 0) > 0 ? 1 : 0;
	if (before > 0)
		attempt_refused(fd);
	for (int i = 0; i < CONNECTIONS; i++) {
		connect_to(fd, &remote);
		struct endpoint end = endpoint_of("client", fd);
		end.incarnation = before + (unsigned int)i;
		end.tx = BYTES[i];
		end.rx = REPLY_BYTES[i];
		send_all(fd, end.tx, 1009);
		recv_all(fd, end.rx, BUFFER_SIZE);
		settle(fd);
		hold(&end, i);
		if (i == CONNECTIONS - 1) {
			close_first(&end);
			return;
		}
		if (ends_with_fin()) {
			if (shutdown(fd, SHUT_WR) != 0)
				fail("shutdown");
			expect_eof(fd);
		}
		disconnect(fd);
		report_final(&end, ends_with_fin() ? "fin" : "reset");
	}
}

static void server(void)
{
	int listener = listen_on("127.0.0.1", IPPROTO_TCP);

	tell_port(listener);
	for (int i = 0; i < CONNECTIONS; i++) {
		struct endpoint end = endpoint_of("server", accept_from(listener));
		end.rx = BYTES[i];
		end.tx = REPLY_BYTES[i];
		recv_all(end.fd, end.rx, BUFFER_SIZE);
		send_all(end.fd, end.tx, 1009);
		settle(end.fd);
		hold(&end, i);
		if (i == CONNECTIONS - 1 || ends_with_fin()) {
			close_second(&end);
			continue;
		}
		expect_reset(end.fd);
		close(end.fd);
		report_final(&end, "reset_by_peer");
	}
	close(listener);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "reuse", client, server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
