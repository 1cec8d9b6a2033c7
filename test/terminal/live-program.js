// @ts-check
// usage: node live-program.js DIST KIND [OPTION...]
// tcptop as its command line starts it, on connections that are made up. DIST is the folder that src/ was compiled to. KIND:
//   few      32 connections, of which client-01 is the busiest, then client-02 and so on
//   many     100,000 of them
//   stalling answers once, and then never again
//   failing  answers once, and then fails
//   silent   never answers
//   starting takes its time before it begins to collect
//   crashing fails where nobody waits for it, when it has answered
import { pathToFileURL } from "node:url";

const [, , folder, kind, ...options] = process.argv;
/** @type {typeof import("../../src/cli/run.js")} */
const { run } = await import(new URL("src/cli/run.js", pathToFileURL(`${folder}/`)).href);

/** @typedef {import("../../src/model/sample.js").Sample} Sample */
/** @typedef {import("../../src/model/sample.js").SocketReading} SocketReading */

const COUNT = kind === "many" ? 100_000 : 32;
const START_MS = 500;
const FIRST_PID = 1000;
/** One that does not exist: what is made up is not to be closed. */
const NETNS = 1;
const NOW_NS = Math.round(process.uptime() * 1e9) + 60e9;
const STARTED_MS = performance.now();

/** @type {SocketReading} */
const EXAMPLE = {
  proto: "tcp",
  cookie: 1,
  incarnation: 0,
  holderCookie: 1,
  tuple: { family: 4, localAddr: "10.0.0.1", localPort: 40_000, remoteAddr: "198.51.100.1", remotePort: 443 },
  netns: NETNS,
  boundDevice: null,
  receivingDevice: null,
  state: "ESTABLISHED",
  direction: "out",
  openedNs: NOW_NS - 90e9,
  readNs: NOW_NS,
  txBytes: 0,
  rxBytes: 0,
  rttUs: 12_000,
  rttvarUs: 3000,
  minRttUs: 9000,
  retrans: 0,
  retransBytes: 0,
  cwnd: 10,
  deliveryRate: 1e6,
  sendQueue: 0,
  recvQueue: 0,
  acceptQueue: null,
  acceptLimit: null,
  drops: null,
  lastMovedNs: null,
  tcp: null,
  clock: null,
  revision: null,
  owner: null,
};

let samples = 0;

/** The numbers of a connection go on with the time. @param {number} number @param {number} readNs */
function client(number, readNs) {
  const seconds = (readNs - NOW_NS) / 1e9;
  return {
    ...EXAMPLE,
    cookie: number,
    holderCookie: number,
    tuple: {
      ...EXAMPLE.tuple,
      localPort: 10_000 + (number % 50_000),
      remoteAddr: `198.51.100.${number % 250}`,
    },
    readNs,
    txBytes: Math.round(seconds * 1000 * Math.max(0, 33 - number)),
    rxBytes: Math.round(seconds * 10),
    rttUs: 1000 * number,
  };
}

/** @param {number} readNs @returns {SocketReading[]} */
function others(readNs) {
  const here = { ...EXAMPLE.tuple, localAddr: "127.0.0.1", remoteAddr: "127.0.0.1" };
  const seconds = (readNs - NOW_NS) / 1e9;
  const bytes = Math.round(seconds * 500);
  return [
    {
      ...EXAMPLE,
      cookie: 1_000_001,
      holderCookie: 1_000_001,
      readNs,
      txBytes: bytes,
      rxBytes: 0,
      tuple: { ...here, localPort: 50_001, remotePort: 8080 },
    },
    {
      ...EXAMPLE,
      cookie: 1_000_002,
      holderCookie: 1_000_002,
      readNs,
      txBytes: 0,
      rxBytes: bytes,
      direction: "in",
      tuple: { ...here, localPort: 8080, remotePort: 50_001 },
    },
    {
      ...EXAMPLE,
      cookie: 1_000_003,
      holderCookie: 1_000_003,
      readNs,
      state: "LISTEN",
      direction: null,
      txBytes: null,
      rxBytes: null,
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
      tuple: { ...here, localPort: 8080, remoteAddr: "0.0.0.0", remotePort: 0 },
    },
  ];
}

/** Who owns what `others` has. */
const OTHER_OWNERS = ["caller", "server", "server"];

/** @returns {Sample} */
function sample() {
  samples += 1;
  const readNs = NOW_NS + Math.round((performance.now() - STARTED_MS) * 1e6);
  const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
  return {
    timeMs: Date.now(),
    readNs,
    sockets: [...numbers.map((number) => client(number, readNs)), ...others(readNs)],
    opened: [],
    closed:
      samples === 1
        ? [
            {
              ...client(999, readNs),
              cookie: 999_999,
              owner: { pid: 999, comm: "has-ended", source: "connect" },
              endReason: "fin",
            },
          ]
        : [],
    lateOwners: [],
    holders: [
      ...numbers.map((number) => ({
        cookie: number,
        pid: FIRST_PID + (number % 30_000),
        comm: `client-${String(number).padStart(2, "0")}`,
      })),
      ...OTHER_OWNERS.map((comm, index) => ({ cookie: 1_000_001 + index, pid: 100 + index, comm })),
    ],
    gone: [],
    folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
    missedEvents: 0,
    stalled: null,
  };
}

/** @returns {Promise<import("../../src/collect/network-collector.js").NetworkCollector>} */
async function open() {
  if (kind === "starting") {
    process.stdout.write("starting\n");
    await new Promise((resolve) => setTimeout(resolve, START_MS));
  }
  return {
    rung: "fentry",
    sample: async () => {
      if (kind === "silent") return new Promise(() => {});
      if (samples > 0 && kind === "crashing") setImmediate(crash);
      if (samples > 0 && kind === "stalling") return new Promise(() => {});
      if (samples > 0 && kind === "failing") throw new Error("the collector broke on purpose");
      return sample();
    },
    close: () => {},
  };
}

function crash() {
  throw new Error("crashed on purpose");
}

process.exit(await run(options, open));
