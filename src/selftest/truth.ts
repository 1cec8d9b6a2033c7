/** One end of one conversation, and what it truly moved. */
export interface EndpointTruth {
  readonly localAddr: string;
  readonly localPort: number;
  readonly remoteAddr: string;
  readonly remotePort: number;
  readonly txBytes: number;
  readonly rxBytes: number;
}

/** What the traffic of one data path was, as the program that made it knows it. */
export interface PathTruth {
  readonly proto: "tcp" | "udp";
  readonly path: string;
  /** Of open conversations, and of those that have ended already. */
  readonly endpoints: readonly EndpointTruth[];
  /** Why this kernel does not have the path; null when it has. */
  readonly unavailable: string | null;
}

/** What the traffic process tells when all is moved and everything that can be is still open. */
export interface TrafficTruth {
  readonly pid: number;
  /** Inode of the network namespace that it is in. */
  readonly netns: number;
  /** Why that is not one of its own; null when it is. */
  readonly shared: string | null;
  readonly paths: readonly PathTruth[];
}
