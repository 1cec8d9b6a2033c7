/*
 * UDP. The cases, and the key=value arguments that each knows:
 *   exchange.c  sendto, connected, ipv6, v4mapped (connect= n= bytes= reply_bytes= more=), quic (n=), reconnect
 *   batch.c     sendmmsg (n=), gso (connect= gro=)
 *   ring.c      io_uring (connect= mode=plain|sqpoll)
 *   send.c      corked, errqueue, multicast
 *   receive.c   slow (n= rcvbuf=), peek, trunc, unnamed
 *   shared.c    threads (n=), fork
 *   many.c      one-shot, resolver, peers (n=)
 */
#include "datagram.h"

#include <string.h>

static const struct traffic_case *const FAMILIES[] = {
	exchange_cases, batch_cases, ring_cases, send_cases, receive_cases, shared_cases, many_cases,
};

static bool has_case(const struct traffic_case *cases, const char *name)
{
	while (cases->name != NULL && strcmp(cases->name, name) != 0)
		cases++;
	return cases->name != NULL;
}

int main(int argc, char **argv)
{
	size_t family = 0;

	while (argc > 1 && family + 1 < sizeof(FAMILIES) / sizeof(FAMILIES[0]) && !has_case(FAMILIES[family], argv[1]))
		family++;
	return conduct(argc, argv, FAMILIES[family]);
}
