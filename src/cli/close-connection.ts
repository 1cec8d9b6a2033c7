import { SystemCallError } from "../linux/libc.js";
import { findNetworkNamespaces, inNetworkNamespace } from "../linux/network-namespaces.js";
import { SockDiag } from "../linux/sock-diag.js";
import type { Connection } from "../model/connection.js";

const EPERM = 1;
const ENOENT = 2;
const EOPNOTSUPP = 95;

/** Closes a connection in its own network namespace, and tells in words what came of it. */
export function closeConnection(connection: Connection): string {
  const { cookie, netns } = connection;
  if (typeof cookie === "string") return "not closed: it is one of many peers of a UDP socket";
  const namespace = findNetworkNamespaces(new Set([netns])).get(netns);
  if (namespace === undefined) return "not closed: its network namespace can't be entered from here";
  try {
    inNetworkNamespace(namespace, () => destroyIn({ ...connection, cookie }));
    return "closed";
  } catch (error) {
    return `not closed: ${reasonOf(error)}`;
  }
}

function destroyIn(connection: Connection & { readonly cookie: number | bigint }): void {
  const { proto, cookie, boundDevice } = connection;
  const netlink = new SockDiag();
  try {
    netlink.destroy({ proto, tuple: connection, cookie, boundDevice });
  } finally {
    netlink.close();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SystemCallError)) return String(error);
  switch (error.errno) {
    case EPERM:
      return "that needs CAP_NET_ADMIN";
    case ENOENT:
      return "it is gone already";
    case EOPNOTSUPP:
      return "this kernel was built without INET_DIAG_DESTROY";
    default:
      return error.message;
  }
}
