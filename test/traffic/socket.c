/* TCP sockets: opening them and moving bytes. */
#define _GNU_SOURCE
#include "traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

struct sockaddr_storage parse_address(const char *text, uint16_t port)
{
	struct sockaddr_storage address = { 0 };
	struct sockaddr_in *four = (struct sockaddr_in *)&address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;

	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
	} else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
	} else {
		fail("%s is no address", text);
	}
	return address;
}

socklen_t address_length(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

uint16_t port_of(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)address)->sin_port);
	return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
}

void set_option(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) != 0)
		fail("setsockopt %d %d", level, option);
}

int open_socket(const struct sockaddr_storage *address, int protocol)
{
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		fail("socket");
	return fd;
}

int listen_on(const char *address, int protocol)
{
	struct sockaddr_storage local = parse_address(text_arg("server_addr", address), 0);
	int fd = open_socket(&local, protocol);

	if (local.ss_family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (bind(fd, (struct sockaddr *)&local, address_length(&local)) != 0 || listen(fd, 4096) != 0)
		fail("listen on %s", address);
	return fd;
}

int accept_from(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		fail("accept");
	return fd;
}

void tell_port(int listener)
{
	struct sockaddr_storage local;
	socklen_t length = sizeof(local);

	if (getsockname(listener, (struct sockaddr *)&local, &length) != 0)
		fail("getsockname");
	uint16_t port = port_of(&local);
	tell_peer(&port, sizeof(port));
}

int accept_one(const char *address)
{
	int listener = listen_on(address, IPPROTO_TCP);

	tell_port(listener);
	int fd = accept_from(listener);
	close(listener);
	return fd;
}

void connect_to(int fd, const struct sockaddr_storage *address)
{
	if (connect(fd, (const struct sockaddr *)address, address_length(address)) != 0)
		fail("connect");
}

void bind_to_client_device(int fd)
{
	const char *device = text_arg("client_device", NULL);

	if (device != NULL && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)) != 0)
		fail("bind to %s", device);
}

int connect_one(const char *address)
{
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct sockaddr_storage remote = parse_address(text_arg("server_addr", address), port);
	int fd = open_socket(&remote, IPPROTO_TCP);
	bind_to_client_device(fd);
	const char *own = text_arg("client_addr", NULL);
	if (own != NULL) {
		struct sockaddr_storage local = parse_address(own, 0);
		if (bind(fd, (struct sockaddr *)&local, address_length(&local)) != 0)
			fail("bind to %s", own);
	}
	connect_to(fd, &remote);
	return fd;
}

void *buffer_of(size_t length)
{
	static char buffer[BUFFER_SIZE];

	errno = 0;
	if (length > sizeof(buffer))
		fail("at most %zu bytes a call", sizeof(buffer));
	return buffer;
}

void send_all(int fd, uint64_t length, size_t chunk)
{
	while (length > 0) {
		size_t part = length < chunk ? (size_t)length : chunk;
		ssize_t count = send(fd, buffer_of(part), part, MSG_NOSIGNAL);
		if (count <= 0)
			fail("send");
		length -= (uint64_t)count;
	}
}

void recv_all(int fd, uint64_t length, size_t chunk)
{
	while (length > 0) {
		size_t part = length < chunk ? (size_t)length : chunk;
		ssize_t count = recv(fd, buffer_of(part), part, 0);
		if (count == 0)
			errno = 0;
		if (count <= 0)
			fail("recv: %" PRIu64 " bytes missing", length);
		length -= (uint64_t)count;
	}
}
