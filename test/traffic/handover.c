/* Sockets whose owner is not the process that opened them, and one whose owner is gone. */
#define _GNU_SOURCE
#include "traffic.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The client connects and sends, passes its socket on by SCM_RIGHTS, and closes its own. */
static void pass_socket(int link, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(link, &message, 0) != 1)
		fail("SCM_RIGHTS");
}

static int receive_socket(int link)
{
	char control[CMSG_SPACE(sizeof(int))];
	char byte;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};
	int fd;

	if (recvmsg(link, &message, MSG_CMSG_CLOEXEC) != 1 || CMSG_FIRSTHDR(&message) == NULL)
		fail("SCM_RIGHTS");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static void own_received(int link, const void *argument)
{
	(void)argument;
	struct endpoint end = endpoint_of("client", receive_socket(link));
	uint64_t more = number_arg("more", 2003);

	/* The client has closed its own by now. */
	await_link(link);
	/* quiet=1: the new owner does nothing with the socket: only that it holds it tells. */
	if (number_arg("quiet", 0) == 0)
		send_all(end.fd, more, 101);
	end.tx = number_arg("bytes", 10007) + (number_arg("quiet", 0) == 0 ? more : 0);
	settle(end.fd);
	report_endpoint(&end);
	wake_link(link);
	await_link(link);
	close_first(&end);
}

static void scm_client(void)
{
	struct worker receiver = fork_worker("tt-receiver", own_received, NULL);
	int fd = connect_one("127.0.0.1");

	send_all(fd, number_arg("bytes", 10007), 1009);
	pass_socket(receiver.link, fd);
	close(fd);
	wake_link(receiver.link);
	await_link(receiver.link);
	say_ready();
	await_order("close");
	wake_link(receiver.link);
	await_exit(&receiver);
}

static void scm_server(void)
{
	serve_one(number_arg("bytes", 10007) + (number_arg("quiet", 0) == 0 ? number_arg("more", 2003) : 0));
}

/* A process that connects, sends and exits at once, while the server goes on. */
static void send_and_go(int link, const void *argument)
{
	const uint16_t *port = argument;
	struct sockaddr_storage remote = parse_address("127.0.0.1", *port);
	int fd = open_socket(&remote, IPPROTO_TCP);

	connect_to(fd, &remote);
	struct endpoint end = endpoint_of("client", fd);
	end.tx = number_arg("bytes", 10007);
	send_all(fd, end.tx, 1009);
	write_full(link, &end, sizeof(end));
}

static void gone_client(void)
{
	struct endpoint end;
	uint16_t port;

	hear_peer(&port, sizeof(port));
	struct worker sender = fork_worker("tt-gone", send_and_go, &port);
	read_full(sender.link, &end, sizeof(end));
	await_exit(&sender);
	end.fd = -1;
	end.note = NULL;
	end.side = "client";
	/* The server has seen that the client's socket is given up. */
	meet();
	report_ended(&end, "closed");
	report_final(&end, "closed");
}

static void gone_server(void)
{
	struct endpoint end = endpoint_of("server", accept_one("127.0.0.1"));

	end.rx = number_arg("bytes", 10007);
	recv_all(end.fd, end.rx, BUFFER_SIZE);
	expect_eof(end.fd);
	await_peer_mini_socket(&end);
	meet();
	report_endpoint(&end);
	say_ready();
	await_order("close");
	close_second(&end);
}

int main(int argc, char **argv)
{
	static const struct traffic_case cases[] = {
		{ "scm", scm_client, scm_server },
		{ "gone", gone_client, gone_server },
		{ NULL, NULL, NULL },
	};

	return conduct(argc, argv, cases);
}
