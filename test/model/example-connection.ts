import type { Connection } from "../../src/model/connection.js";

/** The instant of the examples in ns since boot. */
export const READ_NS = 1_000e9;

/** An ordinary connection in which every column that can be known is, but for what `changes` says. */
export function exampleConnection(changes: Partial<Connection> = {}): Connection {
  return {
    id: "4711",
    cookie: 4711,
    incarnation: 0,
    proto: "tcp",
    family: 4,
    localAddr: "192.0.2.1",
    localPort: 43210,
    remoteAddr: "198.51.100.7",
    remotePort: 443,
    netns: 4026531840,
    direction: "out",
    state: "ESTABLISHED",
    pid: 1234,
    comm: "curl",
    ownerSource: "connect",
    owners: [{ pid: 1234, comm: "curl", source: "connect" }],
    txBytes: 5120,
    rxBytes: 1_234_567,
    txRate: 120.4,
    rxRate: 98_765.6,
    rttUs: 12_345,
    rttvarUs: 678,
    minRttUs: 11_900,
    retrans: 2,
    retransBytes: 2896,
    cwnd: 10,
    deliveryRate: 250_000,
    sendQueue: 0,
    recvQueue: 512,
    acceptQueue: null,
    acceptLimit: null,
    openedNs: READ_NS - 3.25e9,
    closedNs: null,
    closed: false,
    endReason: null,
    change: null,
    ...changes,
  };
}

/** A connection of which nothing is known that can be unknown. */
export function unknownConnection(): Connection {
  return exampleConnection({
    direction: null,
    pid: null,
    comm: null,
    ownerSource: null,
    owners: [],
    txBytes: null,
    rxBytes: null,
    txRate: null,
    rxRate: null,
    rttUs: null,
    rttvarUs: null,
    minRttUs: null,
    deliveryRate: null,
    sendQueue: null,
    recvQueue: null,
    openedNs: null,
  });
}

export function listeningSocket(): Connection {
  return exampleConnection({
    id: "12",
    cookie: 12,
    localAddr: "0.0.0.0",
    localPort: 80,
    remoteAddr: "0.0.0.0",
    remotePort: 0,
    direction: null,
    state: "LISTEN",
    pid: 80,
    comm: "nginx",
    ownerSource: "holder",
    owners: [80, 81, 82, 83].map((pid) => ({ pid, comm: "nginx", source: "holder" })),
    txBytes: null,
    rxBytes: null,
    txRate: null,
    rxRate: null,
    rttUs: null,
    rttvarUs: null,
    minRttUs: null,
    retrans: null,
    retransBytes: null,
    cwnd: null,
    deliveryRate: null,
    sendQueue: null,
    recvQueue: null,
    acceptQueue: 3,
    acceptLimit: 128,
    openedNs: null,
  });
}
