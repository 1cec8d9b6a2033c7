import { statSync } from "node:fs";

import { CLONE_NEWNET, SystemCallError } from "../linux/libc.js";
import { AF_INET, bringLoopbackUp, SOCK_DGRAM, send, socket, unshare } from "../linux/socket-calls.js";
import { TcpPair } from "./tcp-pair.js";
import { receiveAll, reply, TCP_PATHS, type TcpPath } from "./tcp-paths.js";
import type { EndpointTruth, PathTruth, TrafficTruth } from "./truth.js";
import { UDP_PATHS, type UdpPath } from "./udp-paths.js";

const SHORT_CONNECTIONS = 100;
const SHORT_BYTES = 100;

/** The traffic of all data paths, made at once. */
export interface Traffic {
  readonly truth: TrafficTruth;
  /** Closes every socket that is still open. */
  close(): void;
}

interface Closable {
  close(): void;
}

/** In the namespace that `enterOwnNamespace` has entered; `shared` is what that said. */
export function makeTraffic(shared: string | null): Traffic {
  const open: Closable[] = [];
  const paths = [
    ...TCP_PATHS.map((path) => tcpTruth(path, open)),
    shortConnections(),
    ...UDP_PATHS.map((path) => udpTruth(path, open)),
  ];
  const netns = statSync("/proc/thread-self/ns/net").ino;
  return {
    truth: { pid: process.pid, netns, shared, paths },
    close: () => {
      for (const pair of open.splice(0)) pair.close();
    },
  };
}

/**
 * Puts this process into a network namespace of its own, which ends with it: nothing has to be removed. Null when that
 * worked, else why not: then loopback is shared with others.
 */
export function enterOwnNamespace(): string | null {
  try {
    unshare(CLONE_NEWNET);
  } catch (error) {
    return error instanceof SystemCallError ? error.message : String(error);
  }
  bringLoopbackUp(socket(AF_INET, SOCK_DGRAM));
  return null;
}

function tcpTruth({ path, open, move }: TcpPath, opened: Closable[]): PathTruth {
  return orUnavailable("tcp", path, () => {
    const pair = open();
    opened.push(pair);
    const sent = move(pair);
    return pair.endpoints(sent, path.endsWith("RST") ? 0 : reply(pair));
  });
}

function udpTruth({ path, open, isNamed, move }: UdpPath, opened: Closable[]): PathTruth {
  return orUnavailable("udp", path, () => {
    const pair = open();
    opened.push(pair);
    return pair.endpoints(move(pair), isNamed);
  });
}

/** Opened, used and closed at once: they are gone before anybody can look. */
function shortConnections(): PathTruth {
  return orUnavailable("tcp", `${SHORT_CONNECTIONS} connections of under a millisecond`, () => {
    const endpoints: EndpointTruth[] = [];
    for (let made = 0; made < SHORT_CONNECTIONS; made++) {
      const pair = TcpPair.open("127.0.0.1");
      const sent = send(pair.client, Buffer.alloc(SHORT_BYTES));
      receiveAll(pair.server, sent);
      endpoints.push(...pair.endpoints(sent, 0));
      pair.close();
    }
    return endpoints;
  });
}

/** A path that the kernel refuses is one that it does not have. */
function orUnavailable(proto: "tcp" | "udp", path: string, run: () => readonly EndpointTruth[]): PathTruth {
  try {
    return { proto, path, endpoints: run(), unavailable: null };
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    return { proto, path, endpoints: [], unavailable: error.message };
  }
}
