// The kernel gives a socket its cookie when somebody first asks for it; sock_diag(7) asks for those of all that it tells of.
import { closeSync } from "node:fs";

import { openSocket, receiveMessage, sendMessage } from "./libc.js";
import { findNetworkNamespaces, inNetworkNamespace } from "./network-namespaces.js";
import { everySocketRequest, isLastOfAnswer } from "./sock-diag-messages.js";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
/** As much as the kernel puts into one answer. */
const ANSWER_BYTES = 64 * 1024;

/**
 * Has the kernel give each TCP and UDP socket that has a port its cookie, in all network namespaces that can be entered. It
 * locks no socket. A kernel without tcp_diag or udp_diag, and a namespace that goes away meanwhile, are left out.
 */
export function giveCookies(): void {
  for (const namespace of findNetworkNamespaces().values()) {
    try {
      giveCookiesIn(namespace);
    } catch (error) {
      if (!(error instanceof Error) || !("errno" in error)) throw error;
    }
  }
}

function giveCookiesIn(namespace: string): void {
  const fd = inNetworkNamespace(namespace, () => openSocket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG));
  try {
    for (const proto of ["tcp", "udp"] as const) {
      for (const family of [4, 6] as const) askForAll(fd, everySocketRequest(proto, family));
    }
  } finally {
    closeSync(fd);
  }
}

function askForAll(fd: number, request: Uint8Array): void {
  const answer = new Uint8Array(ANSWER_BYTES);
  sendMessage(fd, request);
  for (;;) {
    const length = receiveMessage(fd, answer);
    if (isLastOfAnswer(new DataView(answer.buffer, 0, length))) return;
  }
}
