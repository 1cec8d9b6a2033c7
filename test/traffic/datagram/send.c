/* Sends that are not what they seem: held back and put together, answered by an error, to a group. */
#define _GNU_SOURCE
#include "datagram.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

/*
 * corked: three sends make one datagram. Whom it is for was settled by the first: the kernel looks at no name in the
 * others, not even at another peer's.
 */
#define CORKED_BYTES (301 + 202 + 103)
#define OTHER_BYTES 59

static void send_part(struct udp_socket *socket, const struct sockaddr_storage *to,
		      const struct sockaddr_storage *first, size_t length, int flags)
{
	ssize_t count = sendto(socket->end.fd, buffer_of(length), length, flags | MSG_NOSIGNAL,
			       (const struct sockaddr *)to, to == NULL ? 0 : address_length(to));

	if (count < 0)
		fail("sendto, corked");
	flow_of(socket, first)->tx += (uint64_t)count;
}

static void corked_client(void)
{
	struct sockaddr_storage first = hear_server("127.0.0.1");
	struct sockaddr_storage other = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &first);

	udp_send(&socket, &other, OTHER_BYTES);
	send_part(&socket, &first, &first, 301, MSG_MORE);
	send_part(&socket, &other, &first, 202, MSG_MORE);
	send_part(&socket, &first, &first, 103, 0);
	/* The same without a name after the first, which only a datagram on its way allows. */
	send_part(&socket, &first, &first, 301, MSG_MORE);
	send_part(&socket, NULL, &first, 202, MSG_MORE);
	send_part(&socket, NULL, &first, 103, 0);
	udp_send(&socket, &other, OTHER_BYTES);
	meet();
	udp_hold(&socket, 1);
}

static void corked_server(void)
{
	struct udp_socket sockets[] = { udp_served("127.0.0.1"), udp_served("127.0.0.1") };
	size_t got[] = { 0, 0 };

	meet();
	for (size_t i = 0; i < 2; i++)
		for (size_t datagram = 0; datagram < 2; datagram++)
			got[i] += udp_receive(&sockets[i], BUFFER_SIZE, 0, NULL);
	errno = 0;
	if (got[0] != 2 * CORKED_BYTES || got[1] != 2 * OTHER_BYTES)
		fail("corked parts went elsewhere: %zu and %zu", got[0], got[1]);
	udp_hold(sockets, 2);
}

/* errqueue: datagrams to a port where nobody is come back as errors, with their payload; these are no receives. */
#define LOST 5

static struct sockaddr_storage closed_port(void)
{
	struct sockaddr_storage address = parse_address("127.9.9.9", 0);
	struct udp_socket socket = udp_bound("client", &address);

	close(socket.end.fd);
	return socket.end.local;
}

static void read_error(struct udp_socket *socket, size_t length)
{
	struct pollfd wait = { .fd = socket->end.fd };
	struct sockaddr_storage name;
	char control[256];
	struct iovec part = { buffer_of(BUFFER_SIZE), BUFFER_SIZE };
	struct msghdr message = { .msg_name = &name,
				  .msg_namelen = sizeof(name),
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };

	if (poll(&wait, 1, 10000) != 1)
		fail("no ICMP error came back");
	ssize_t count = recvmsg(socket->end.fd, &message, MSG_ERRQUEUE);
	if (count < 0)
		fail("recvmsg with MSG_ERRQUEUE");
	errno = 0;
	if ((size_t)count != length)
		fail("an error with %zd bytes instead of %zu", count, length);
}

static void errqueue_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct sockaddr_storage nobody = closed_port();
	struct udp_socket socket = udp_open("client", &remote);

	set_option(socket.end.fd, IPPROTO_IP, IP_RECVERR, 1);
	for (size_t i = 0; i < LOST; i++) {
		udp_send(&socket, &nobody, 401 + i);
		read_error(&socket, 401 + i);
	}
	/* An error that nobody reads makes the next call fail, which moves nothing. */
	udp_send(&socket, &nobody, 17);
	if (sendto(socket.end.fd, "x", 1, 0, (struct sockaddr *)&nobody, address_length(&nobody)) >= 0 ||
	    errno != ECONNREFUSED)
		fail("expected ECONNREFUSED");
	read_error(&socket, 17);
	udp_send(&socket, &remote, 101);
	udp_receive(&socket, BUFFER_SIZE, 0, NULL);
	udp_hold(&socket, 1);
}

static void errqueue_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");
	struct sockaddr_storage from;

	udp_receive(&socket, BUFFER_SIZE, 0, &from);
	udp_send(&socket, &from, 53);
	udp_hold(&socket, 1);
}

/* multicast: one send over loopback reaches both members of the group; to the sender it is one peer. */
#define GROUP "239.255.77.77"
#define GROUP_DATAGRAMS 23

static struct ip_mreqn on_loopback(void)
{
	struct ip_mreqn membership = { .imr_ifindex = (int)if_nametoindex("lo") };

	inet_pton(AF_INET, GROUP, &membership.imr_multiaddr);
	return membership;
}

static void multicast_client(void)
{
	struct sockaddr_storage group = hear_server("0.0.0.0");
	struct sockaddr_storage remote = parse_address(GROUP, port_of(&group));
	struct sockaddr_storage local = parse_address("127.0.0.1", 0);
	/* Unbound, it would send from 0.0.0.0: loopback has no address of a wider scope. */
	struct udp_socket socket = udp_bound("client", &local);
	struct ip_mreqn membership = on_loopback();

	if (setsockopt(socket.end.fd, IPPROTO_IP, IP_MULTICAST_IF, &membership, sizeof(membership)) != 0)
		fail("IP_MULTICAST_IF");
	for (size_t i = 0; i < GROUP_DATAGRAMS; i++)
		udp_send(&socket, &remote, 101 + i);
	meet();
	udp_hold(&socket, 1);
}

static struct udp_socket member_at(uint16_t port)
{
	struct sockaddr_storage local = parse_address("0.0.0.0", port);
	struct udp_socket socket = udp_open("server", &local);
	struct ip_mreqn membership = on_loopback();

	set_option(socket.end.fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(socket.end.fd, (struct sockaddr *)&local, address_length(&local)) != 0)
		fail("bind");
	if (setsockopt(socket.end.fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof(membership)) != 0)
		fail("IP_ADD_MEMBERSHIP");
	udp_identify(&socket);
	return socket;
}

static void multicast_server(void)
{
	struct udp_socket sockets[2];

	sockets[0] = member_at(0);
	sockets[1] = member_at(port_of(&sockets[0].end.local));
	tell_port(sockets[0].end.fd);
	meet();
	for (size_t i = 0; i < 2; i++)
		for (size_t datagram = 0; datagram < GROUP_DATAGRAMS; datagram++)
			udp_receive(&sockets[i], BUFFER_SIZE, 0, NULL);
	udp_hold(sockets, 2);
}

/*
 * sendfile: each makes a datagram of a file's bytes, with no send call (before 6.5 past udp_sendmsg() even); the last adds
 * them to one that a send call began.
 */
#define FILE_DATAGRAMS 23

static void send_from_file(struct udp_socket *socket, const struct sockaddr_storage *remote, int file, size_t length)
{
	off_t offset = 0;
	ssize_t count = sendfile(socket->end.fd, file, &offset, length);

	if (count < 0)
		fail("sendfile");
	flow_of(socket, remote)->tx += (uint64_t)count;
}

static void sendfile_client(void)
{
	struct sockaddr_storage remote = hear_server("127.0.0.1");
	struct udp_socket socket = udp_open("client", &remote);
	int file = memfd_create("datagram", MFD_CLOEXEC);

	if (file < 0 || write(file, buffer_of(BUFFER_SIZE), BUFFER_SIZE) < 0)
		fail("a file in memory");
	udp_connect(&socket, &remote);
	for (size_t i = 0; i < FILE_DATAGRAMS; i++)
		send_from_file(&socket, &remote, file, 1009 + i);
	send_part(&socket, NULL, &remote, 301, MSG_MORE);
	send_from_file(&socket, &remote, file, 202);
	close(file);
	meet();
	udp_hold(&socket, 1);
}

static void sendfile_server(void)
{
	struct udp_socket socket = udp_served("127.0.0.1");

	meet();
	for (size_t datagram = 0; datagram < FILE_DATAGRAMS + 1; datagram++)
		udp_receive(&socket, BUFFER_SIZE, 0, NULL);
	udp_hold(&socket, 1);
}

const struct traffic_case send_cases[] = {
	{ "corked", corked_client, corked_server },
	{ "errqueue", errqueue_client, errqueue_server },
	{ "multicast", multicast_client, multicast_server },
	{ "sendfile", sendfile_client, sendfile_server },
	{ NULL, NULL, NULL },
};
