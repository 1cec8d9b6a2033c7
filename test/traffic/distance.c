/*
 * A long cable between two network namespaces: `distance NETNS NETNS MS` makes a TUN device "distance" in each, prints
 * "ready", and hands what one sends to the other MS milliseconds later, until its stdin ends. Both devices go with it. It
 * stands in for the queueing discipline netem, which not every kernel has.
 */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define LARGEST_PACKET 2048
/* What is on its way in one direction; more is lost. */
#define MOST_PACKETS 8192

struct packet {
	uint64_t due_ns;
	size_t length;
	char bytes[LARGEST_PACKET];
};

struct lane {
	int from;
	int to;
	size_t head;
	size_t count;
	struct packet *packets;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int device_in(const char *netns)
{
	struct ifreq request = { .ifr_name = "distance", .ifr_flags = IFF_TUN | IFF_NO_PI };
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	int namespace = open(path, O_RDONLY | O_CLOEXEC);
	if (namespace < 0 || setns(namespace, CLONE_NEWNET) != 0)
		fail("%s", path);
	close(namespace);
	int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (device < 0 || ioctl(device, TUNSETIFF, &request) != 0)
		fail("/dev/net/tun");
	return device;
}

/* Takes what waits to be sent. */
static void take(struct lane *lane, uint64_t delay_ns)
{
	while (lane->count < MOST_PACKETS) {
		struct packet *packet = &lane->packets[(lane->head + lane->count) % MOST_PACKETS];
		ssize_t length = read(lane->from, packet->bytes, sizeof(packet->bytes));

		if (length <= 0)
			return;
		packet->length = length;
		packet->due_ns = now_ns() + delay_ns;
		lane->count++;
	}
}

/* Hands over what is due; returns the ns until the next, at most `patience`. */
static uint64_t hand_over(struct lane *lane, uint64_t patience)
{
	uint64_t now = now_ns();

	for (; lane->count > 0; lane->count--) {
		struct packet *packet = &lane->packets[lane->head];

		if (packet->due_ns > now)
			return packet->due_ns - now < patience ? packet->due_ns - now : patience;
		/* A device that is not up yet takes nothing: that packet is lost, as on any cable. */
		if (write(lane->to, packet->bytes, packet->length) < 0 && errno != EIO && errno != EAGAIN)
			fail("write");
		lane->head = (lane->head + 1) % MOST_PACKETS;
	}
	return patience;
}

int main(int argc, char **argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc != 4) {
		fprintf(stderr, "usage: distance NETNS NETNS MS\n");
		return 1;
	}
	int first = device_in(argv[1]);
	int second = device_in(argv[2]);
	uint64_t delay_ns = strtoull(argv[3], NULL, 10) * 1000000;
	struct lane there = { .from = first, .to = second, .packets = calloc(MOST_PACKETS, sizeof(struct packet)) };
	struct lane back = { .from = second, .to = first, .packets = calloc(MOST_PACKETS, sizeof(struct packet)) };

	if (there.packets == NULL || back.packets == NULL)
		fail("memory");
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = first, .events = there.count < MOST_PACKETS ? POLLIN : 0 },
			{ .fd = second, .events = back.count < MOST_PACKETS ? POLLIN : 0 },
		};
		uint64_t wait_ns = hand_over(&back, hand_over(&there, 1000000000));
		struct timespec wait = { .tv_sec = wait_ns / 1000000000, .tv_nsec = wait_ns % 1000000000 };

		if (ppoll(fds, 3, &wait, NULL) < 0)
			fail("poll");
		if (fds[0].revents != 0)
			return 0;
		take(&there, delay_ns);
		take(&back, delay_ns);
	}
}
