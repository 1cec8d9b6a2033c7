/* One end of one connection as JSON, cross-checked with the kernel's own counters. */
#define _GNU_SOURCE
#include "traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* include/net/tcp_states.h, from 1 */
static const char *const STATES[] = {
	NULL,	     "ESTABLISHED", "SYN_SENT",	  "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
	"TIME_WAIT", "CLOSE",	    "CLOSE_WAIT", "LAST_ACK", "LISTEN",	   "CLOSING",
};

static uint64_t netns_inode(void)
{
	struct stat status;

	if (stat("/proc/self/ns/net", &status) != 0)
		fail("/proc/self/ns/net");
	return status.st_ino;
}

struct endpoint endpoint_of(const char *side, int fd)
{
	struct endpoint endpoint = { .fd = fd, .side = side, .pid = getpid(), .owner_count = 1 };
	socklen_t length = sizeof(endpoint.local);
	int protocol = 0;

	endpoint.owners[0] = endpoint.pid;
	endpoint.netns = netns_inode();
	prctl(PR_GET_NAME, endpoint.comm);
	if (getsockname(fd, (struct sockaddr *)&endpoint.local, &length) != 0)
		fail("getsockname");
	length = sizeof(endpoint.remote);
	/* An end that is not connected (yet) has no remote address; the caller fills it in. */
	if (getpeername(fd, (struct sockaddr *)&endpoint.remote, &length) != 0 && errno != ENOTCONN)
		fail("getpeername");
	length = sizeof(endpoint.holder_cookie);
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &endpoint.holder_cookie, &length) != 0)
		fail("SO_COOKIE");
	length = sizeof(protocol);
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) != 0)
		fail("SO_PROTOCOL");
	endpoint.udp = protocol == IPPROTO_UDP;
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP)
		endpoint.cookie = endpoint.holder_cookie;
	return endpoint;
}

static void print_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
		if (*at < 0x20 || *at >= 0x7f || *at == '"' || *at == '\\')
			fprintf(out, "\\u%04x", *at);
		else
			fputc(*at, out);
	}
	fputc('"', out);
}

static int print_address(FILE *out, const char *key, const struct sockaddr_storage *address)
{
	char text[INET6_ADDRSTRLEN];
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
	const void *bytes = &((const struct sockaddr_in *)address)->sin_addr;
	int family = address->ss_family;

	if (family == AF_UNSPEC) {
		fprintf(out, "\"%s_addr\":null,\"%s_port\":null,", key, key);
		return family;
	}
	if (family == AF_INET6) {
		bytes = &six->sin6_addr;
		/* An IPv4-mapped socket has an IPv4 conversation. */
		if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
			family = AF_INET;
			bytes = six->sin6_addr.s6_addr + 12;
		}
	}
	if (inet_ntop(family, bytes, text, sizeof(text)) == NULL)
		fail("inet_ntop");
	fprintf(out, "\"%s_addr\":\"%s\",\"%s_port\":%u,", key, text, key, port_of(address));
	return family;
}

static void print_cookie(FILE *out, const char *key, uint64_t cookie)
{
	if (cookie == 0)
		fprintf(out, "\"%s\":null,", key);
	else
		fprintf(out, "\"%s\":\"%" PRIu64 "\",", key, cookie);
}

/* What UDP has beside what every protocol has. */
static void print_udp(FILE *out, const struct endpoint *endpoint)
{
	fprintf(out, "\"proto\":\"udp\",\"drops\":%u,\"state\":\"%s\"}", endpoint->drops,
		endpoint->connected ? "ESTABLISHED" : "UNCONN");
}

static void print_info(FILE *out, const struct tcp_info *info)
{
	fprintf(out,
		"\"tcp_info\":{\"bytes_acked\":%llu,\"bytes_received\":%llu,\"bytes_sent\":%llu,"
		"\"bytes_retrans\":%llu,\"total_retrans\":%u,\"rtt_us\":%u,\"rttvar_us\":%u,\"min_rtt_us\":%u,"
		"\"snd_cwnd\":%u,\"unsent_bytes\":%u}",
		info->tcpi_bytes_acked, info->tcpi_bytes_received, info->tcpi_bytes_sent, info->tcpi_bytes_retrans,
		info->tcpi_total_retrans, info->tcpi_rtt, info->tcpi_rttvar, info->tcpi_min_rtt, info->tcpi_snd_cwnd,
		info->tcpi_notsent_bytes);
}

static char *to_json(const struct endpoint *endpoint, const char *end_reason, const struct tcp_info *info)
{
	char *json = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&json, &length);

	if (out == NULL)
		fail("memory");
	fprintf(out, "{\"event\":\"endpoint\",\"case\":\"%s\",\"side\":\"%s\",\"direction\":\"%s\",\"pid\":%d,",
		case_name(), endpoint->side, strcmp(endpoint->side, "client") == 0 ? "out" : "in", endpoint->pid);
	fputs("\"comm\":", out);
	print_text(out, endpoint->comm);
	fputc(',', out);
	int family = print_address(out, "local", &endpoint->local);
	int peer_family = print_address(out, "remote", &endpoint->remote);
	/* The wildcard :: has conversations of both families. */
	if (peer_family != AF_UNSPEC)
		family = peer_family;
	fprintf(out, "\"family\":%d,\"netns\":%" PRIu64 ",", family == AF_INET ? 4 : 6, endpoint->netns);
	print_cookie(out, "cookie", endpoint->cookie);
	print_cookie(out, "holder_cookie", endpoint->holder_cookie);
	fprintf(out, "\"incarnation\":%u,\"tx_bytes\":%" PRIu64 ",\"rx_bytes\":%" PRIu64 ",\"unread_bytes\":%" PRIu64 ",",
		endpoint->incarnation, endpoint->tx, endpoint->rx, endpoint->unread);
	fputs("\"owners\":[", out);
	for (size_t i = 0; i < endpoint->owner_count; i++)
		fprintf(out, "%s%d", i == 0 ? "" : ",", endpoint->owners[i]);
	fputs("],\"exact\":true,\"note\":", out);
	if (endpoint->note == NULL)
		fputs("null", out);
	else
		print_text(out, endpoint->note);
	if (end_reason == NULL)
		fputs(",\"end_reason\":null,", out);
	else
		fprintf(out, ",\"end_reason\":\"%s\",", end_reason);
	if (endpoint->udp) {
		print_udp(out, endpoint);
	} else if (info == NULL) {
		fputs("\"state\":null,\"tcp_info\":null}", out);
	} else {
		fprintf(out, "\"state\":\"%s\",", STATES[info->tcpi_state]);
		print_info(out, info);
		fputc('}', out);
	}
	fclose(out);
	return json;
}

/*
 * TCP_INFO counts what the truth does not: our SYN on the side that opened and our FIN (bytes_acked), the
 * peer's FIN (bytes_received). A difference is a mistake in the generator: better to fail than to mislead.
 */
static void cross_check(const struct endpoint *endpoint, const struct tcp_info *info)
{
	uint8_t state = info->tcpi_state;
	uint64_t opened = strcmp(endpoint->side, "client") == 0 ? 1 : 0;
	uint64_t fin_sent = state == 5 ? 1 : 0;
	uint64_t fin_received = state == 8 ? 1 : 0;
	uint64_t tx = info->tcpi_bytes_acked - opened - fin_sent;
	uint64_t rx = info->tcpi_bytes_received - fin_received;

	errno = 0;
	if (tx != endpoint->tx || rx != endpoint->rx)
		fail("%s: truth %" PRIu64 "/%" PRIu64 ", the kernel says %" PRIu64 "/%" PRIu64, endpoint->side,
		     endpoint->tx, endpoint->rx, tx, rx);
}

static void report(char kind, const struct endpoint *endpoint, const char *end_reason, const struct tcp_info *info)
{
	char *json = to_json(endpoint, end_reason, info);

	report_line(kind, json);
	free(json);
}

void report_endpoint(const struct endpoint *endpoint)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	/* UDP keeps no counters to check with. */
	if (endpoint->udp) {
		report('E', endpoint, NULL, NULL);
		return;
	}
	/* On an MPTCP socket this is the first subflow's. */
	if (getsockopt(endpoint->fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
		fail("TCP_INFO");
	cross_check(endpoint, &info);
	report('E', endpoint, NULL, &info);
}

void report_ended(const struct endpoint *endpoint, const char *end_reason)
{
	report('E', endpoint, end_reason, NULL);
}

void report_final(const struct endpoint *endpoint, const char *end_reason)
{
	report('F', endpoint, end_reason, NULL);
}
