import { SystemCallError } from "../linux/libc.js";
import {
  findNetworkNamespaces,
  inNamespaceOfInode,
  ownNetworkNamespace,
} from "../linux/network-namespaces.js";
import { SockDiag } from "../linux/sock-diag.js";
import type { WantedSocket } from "../linux/sock-diag-messages.js";
import type { Connection } from "../model/connection.js";
import type { Rung } from "../model/rung.js";

const EPERM = 1;
const ENOENT = 2;
const EOPNOTSUPP = 95;
/** The ends are there, with another cookie. */
const ESTALE = 116;

const CANNOT_ENTER = "its network namespace can't be entered";

/** Closes a connection in its own network namespace, and tells in words what came of it. */
export function closeConnection(connection: Connection, rung: Rung): string {
  const { cookie, netns, proto } = connection;
  if (typeof cookie === "string") return "not closed: it is one of many peers of a UDP socket";
  try {
    // Tables do not tell which socket it is: of a TCP connection its ends do.
    inNamespaceOf(netns, () => destroyIn(connection, rung === "proc" ? null : cookie));
    // udp_abort() tells an error to the process, and takes the peer away; the socket stays.
    return proto === "udp" ? "disconnected: the socket stays open, without a peer" : "closed";
  } catch (error) {
    return `not closed: ${reasonOf(error)}`;
  }
}

/** To enter a namespace takes CAP_SYS_ADMIN, also the one that we are in. */
function inNamespaceOf(netns: number, action: () => void): void {
  if (netns === ownNetworkNamespace()) {
    action();
    return;
  }
  const path = findNetworkNamespaces(new Set([netns])).get(netns);
  if (path === undefined) throw new Error(`${CANNOT_ENTER} from here`);
  let isInside = false;
  try {
    inNamespaceOfInode(netns, path, () => {
      isInside = true;
      action();
    });
  } catch (error) {
    throw isInside ? error : new Error(`${CANNOT_ENTER}: that needs CAP_SYS_ADMIN`, { cause: error });
  }
}

function destroyIn(connection: Connection, cookie: WantedSocket["cookie"]): void {
  const { proto, boundDevice } = connection;
  const netlink = new SockDiag();
  try {
    netlink.destroy({ proto, tuple: connection, cookie, boundDevice });
  } finally {
    netlink.close();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SystemCallError)) return error instanceof Error ? error.message : String(error);
  switch (error.errno) {
    case EPERM:
      return "that needs CAP_NET_ADMIN";
    case ENOENT:
    case ESTALE:
      return "it is gone already";
    case EOPNOTSUPP:
      return "this kernel was built without INET_DIAG_DESTROY";
    default:
      return error.message;
  }
}
