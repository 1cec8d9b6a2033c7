import { describe, expect, test } from "vitest";
import { type LimitReading, limitsBetween } from "../../src/engine/limits.js";
import type { SocketReading } from "../../src/model/sample.js";
import { SOCKET_STATES } from "../../src/model/tcp.js";
import type { TcpDetails } from "../../src/model/tcp-details.js";
import { readingAt } from "./example-samples.js";

const ELAPSED = 1000;

const DETAILS: TcpDetails = {
  busyTime: 10_000,
  receiverWindowTime: 3000,
  sendBufferTime: 2000,
  isCwndLimited: false,
  isAppLimited: false,
  waitsForRoom: false,
  timeouts: 0,
  inFlight: 0,
  lost: 0,
  unsentBytes: 0,
  sendWindow: 65_536,
  receiveWindow: 65_536,
  mss: 1448,
  dataSegmentsOut: 100,
  dataSegmentsIn: 100,
  congestionAlgorithm: "cubic",
};

/** What a socket says at one end of the interval. */
interface Said extends Partial<Omit<SocketReading, "tcp">> {
  readonly tcp?: Partial<TcpDetails>;
}

/** What happened in the interval. */
interface Happening {
  readonly busy?: number;
  readonly receiverWindow?: number;
  readonly sendBuffer?: number;
  readonly sent?: number;
  readonly received?: number;
  readonly sentAgain?: number;
  readonly segmentsAgain?: number;
  /** What it says at both ends. */
  readonly always?: Said;
  /** What it says at one end only. */
  readonly before?: Said;
  readonly after?: Said;
}

function reading(...said: readonly Said[]): LimitReading {
  const parts = said.map(({ tcp: _, ...rest }) => rest);
  const details = said.map(({ tcp }) => tcp ?? {});
  return readingAt(1, Object.assign({}, ...parts, { tcp: Object.assign({}, DETAILS, ...details) }));
}

function limits({ always = {}, before = {}, after = {}, ...happening }: Happening) {
  const { busy = 0, receiverWindow = 0, sendBuffer = 0, sent = 0, received = 0 } = happening;
  const { sentAgain = 0, segmentsAgain = sentAgain > 0 ? 2 : 0 } = happening;
  const counted = {
    ...{ txBytes: 100_000 + sent, rxBytes: 200_000 + received },
    ...{ retransBytes: 3000 + sentAgain, retrans: 5 + segmentsAgain },
    tcp: {
      busyTime: DETAILS.busyTime + busy,
      receiverWindowTime: DETAILS.receiverWindowTime + receiverWindow,
      sendBufferTime: DETAILS.sendBufferTime + sendBuffer,
    },
  };
  const first = { txBytes: 100_000, rxBytes: 200_000, retransBytes: 3000, retrans: 5 };
  const merged = { ...always, ...after, tcp: { ...always.tcp, ...after.tcp } };
  return limitsBetween(reading(first, always, before), reading(counted, merged), ELAPSED);
}

const wordOf = (happening: Happening) => limits(happening)?.limitedBy;

const APP_LIMITED: Said = { tcp: { isAppLimited: true } };
const CWND_LIMITED: Said = { tcp: { isCwndLimited: true } };

describe("one word for what held at least half of the interval", () => {
  test("the peer's window", () => {
    expect(wordOf({ busy: 700, receiverWindow: 500, sent: 9000 })).toBe("receiver-window");
    expect(wordOf({ busy: 1000, receiverWindow: 1000 })).toBe("receiver-window");
    expect(wordOf({ busy: 700, receiverWindow: 499, sent: 9000 })).toBeNull();
  });

  test("the send buffer", () => {
    expect(wordOf({ busy: 900, sendBuffer: 500, sent: 9000 })).toBe("send-buffer");
    expect(wordOf({ busy: 900, sendBuffer: 399, sent: 9000 })).toBeNull();
  });

  test("the send buffer, where the kernel takes an application that waits for room for one without data", () => {
    const busy = { busy: 990, sent: 9000 };
    expect(wordOf({ ...busy, sendBuffer: 100, always: APP_LIMITED })).toBe("send-buffer");
    expect(wordOf({ ...busy, sendBuffer: 99, always: APP_LIMITED })).toBe("application");
    expect(wordOf({ ...busy, sendBuffer: 100, always: CWND_LIMITED })).toBeNull();
    expect(wordOf({ ...busy, sendBuffer: 99, always: CWND_LIMITED })).toBe("congestion-window");
  });

  test("the send buffer, where the application waits for room at both ends of the interval", () => {
    const busy = { busy: 990, sent: 9000, always: APP_LIMITED };
    const waits = (waitsForRoom: boolean | null): Said => ({ tcp: { waitsForRoom } });
    expect(wordOf({ ...busy, before: waits(true), after: waits(true) })).toBe("send-buffer");
    expect(wordOf({ ...busy, before: waits(true) })).toBeNull();
    expect(wordOf({ ...busy, after: waits(true) })).toBeNull();
    expect(wordOf({ ...busy, before: waits(null), after: waits(null) })).toBeNull();
    const full = { busy: 990, sent: 9000, always: CWND_LIMITED, before: waits(true), after: waits(true) };
    expect(wordOf(full)).toBe("congestion-window");
  });

  test("the pace of BBR, when data waited for it at both ends of the interval", () => {
    const busy = { busy: 990, sent: 90_000 };
    const paced: Said = { tcp: { congestionAlgorithm: "bbr", unsentBytes: 1 } };
    expect(wordOf({ ...busy, always: paced })).toBe("congestion-window");
    expect(wordOf({ ...busy, always: { tcp: { ...paced.tcp, unsentBytes: 0 } } })).toBeNull();
    expect(wordOf({ ...busy, always: { tcp: { ...paced.tcp, unsentBytes: null } } })).toBeNull();
    expect(wordOf({ ...busy, always: { tcp: { unsentBytes: 1 } } })).toBeNull();
  });

  test("the congestion window, when it was full at both ends of the interval", () => {
    const busy = { busy: 990, sent: 90_000 };
    expect(wordOf({ ...busy, always: CWND_LIMITED })).toBe("congestion-window");
    expect(wordOf({ ...busy, before: CWND_LIMITED })).toBeNull();
    expect(wordOf({ ...busy, after: CWND_LIMITED })).toBeNull();
    expect(wordOf({ ...busy, receiverWindow: 300, sendBuffer: 200, always: CWND_LIMITED })).toBeNull();
  });

  test("the application, when the time went into the way there and back", () => {
    const busy = { busy: 990, sent: 9000 };
    expect(wordOf({ ...busy, always: APP_LIMITED })).toBe("application");
    expect(wordOf({ ...busy, before: APP_LIMITED })).toBeNull();
    expect(wordOf(busy)).toBeNull();
    expect(wordOf({ ...busy, always: { tcp: { isAppLimited: true, isCwndLimited: true } } })).toBeNull();
  });

  test("the application, when nothing waited to be sent or acknowledged", () => {
    expect(wordOf({ busy: 499, sent: 9000 })).toBe("application");
    expect(wordOf({ busy: 0, sent: 9000 })).toBe("application");
    expect(wordOf({ busy: 499, receiverWindow: 499, sent: 9000 })).toBe("application");
  });

  test("none where each held for less", () => {
    expect(wordOf({ busy: 900, receiverWindow: 400, sendBuffer: 300, sent: 9000 })).toBeNull();
  });
});

describe("lossy", () => {
  const busy = { busy: 990, sent: 99_000, always: CWND_LIMITED };

  test("at one percent of the payload and two segments", () => {
    expect(wordOf({ ...busy, sentAgain: 1000 })).toBe("lossy");
    expect(wordOf({ ...busy, sentAgain: 999 })).toBe("congestion-window");
  });

  test("one segment is enough where the window was full, for it is no probe", () => {
    expect(wordOf({ ...busy, sentAgain: 1000, segmentsAgain: 1 })).toBe("lossy");
    const probing = { busy: 990, sent: 99_000, always: APP_LIMITED };
    expect(wordOf({ ...probing, sentAgain: 1448, segmentsAgain: 1 })).toBe("application");
    expect(wordOf({ ...probing, sentAgain: 1448, segmentsAgain: 2 })).toBe("lossy");
  });

  test("while the peer acknowledges nothing and nothing is sent", () => {
    expect(wordOf({ busy: 1000, after: { tcp: { timeouts: 3 } } })).toBe("lossy");
  });

  test("not where most of the interval went elsewhere", () => {
    expect(wordOf({ busy: 100, sent: 9000, sentAgain: 3000 })).toBe("application");
    expect(wordOf({ busy: 1000, receiverWindow: 800, sent: 9000, sentAgain: 3000 })).toBe("receiver-window");
  });
});

describe("an end that mostly receives", () => {
  const unread: Said = { recvQueue: 9000, tcp: { receiveWindow: 8999 } };

  test("has no word of its own", () => {
    expect(wordOf({ busy: 0, sent: 100, received: 9000 })).toBeNull();
    expect(wordOf({ busy: 900, sent: 100, received: 9000, always: APP_LIMITED })).toBeNull();
    expect(wordOf({ received: 9000 })).toBeNull();
  });

  test("but that it reads slowly: more is unread, at both ends of the interval, than the peer may send", () => {
    expect(wordOf({ received: 9000, always: unread })).toBe("reader");
    expect(wordOf({ always: unread })).toBe("reader");
    expect(wordOf({ sent: 10, received: 9000, always: unread })).toBe("reader");
    expect(wordOf({ received: 9000, before: unread })).toBeNull();
    expect(wordOf({ received: 9000, after: unread })).toBeNull();
    expect(wordOf({ received: 9000, always: { recvQueue: 9000, tcp: { receiveWindow: 9000 } } })).toBeNull();
    expect(wordOf({ received: 9000, always: { recvQueue: 9000, tcp: { receiveWindow: null } } })).toBeNull();
  });

  test("and what keeps its own data waiting is told all the same", () => {
    expect(wordOf({ busy: 900, receiverWindow: 900, sent: 10, received: 9000 })).toBe("receiver-window");
  });
});

describe("idle", () => {
  test("when nothing moved and nothing waits", () => {
    expect(wordOf({})).toBe("idle");
    expect(wordOf({ always: { state: "CLOSE_WAIT" } })).toBe("idle");
    expect(wordOf({ received: 1 })).toBeNull();
    expect(wordOf({ always: { sendQueue: 1 } })).toBeNull();
    expect(wordOf({ always: { recvQueue: 100 } })).toBe("idle");
  });

  test("quiet connections share one answer", () => {
    expect(limits({})).toBe(limits({}));
  });
});

describe("states", () => {
  test("an end that is closed has an application no more, but its data may wait", () => {
    expect(wordOf({ busy: 100, sent: 9000, always: { state: "FIN_WAIT1" } })).toBeNull();
    expect(wordOf({ always: { state: "LAST_ACK" } })).toBeNull();
    expect(wordOf({ busy: 900, receiverWindow: 900, always: { state: "FIN_WAIT1" } })).toBe(
      "receiver-window",
    );
  });

  test("nothing is told of states in which nothing can be sent", () => {
    const sending = ["ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT1", "CLOSING", "LAST_ACK"];
    const told = SOCKET_STATES.filter((state) => limits({ busy: 900, always: { state } }) !== null);
    expect(told.toSorted()).toEqual(sending.toSorted());
  });
});

describe("evidence", () => {
  test("shares of the interval, and of the payload", () => {
    const evidence = limits({ busy: 900, receiverWindow: 250, sendBuffer: 125, sent: 7500, sentAgain: 2500 });
    expect(evidence).toEqual({
      limitedBy: "lossy",
      busyShare: 0.9,
      receiverWindowShare: 0.25,
      sendBufferShare: 0.125,
      retransShare: 0.25,
    });
  });

  test("a tick of the kernel's clock too many is no share above 1", () => {
    expect(limits({ busy: 1004, receiverWindow: 1004 })).toMatchObject({
      busyShare: 1,
      receiverWindowShare: 1,
    });
  });

  test("nothing sent has no share that was sent again", () => {
    expect(limits({ busy: 1000 })).toMatchObject({ retransShare: null });
  });
});

describe("what is not known", () => {
  test("without details, bytes or time there is no answer", () => {
    const known = reading({});
    expect(limitsBetween({ ...known, tcp: null }, known, ELAPSED)).toBeNull();
    expect(limitsBetween(known, { ...known, tcp: null }, ELAPSED)).toBeNull();
    expect(limitsBetween({ ...known, txBytes: null }, known, ELAPSED)).toBeNull();
    expect(limitsBetween(known, { ...known, rxBytes: null }, ELAPSED)).toBeNull();
    expect(limitsBetween(known, known, 0)).toBeNull();
    expect(limitsBetween(known, known, -1)).toBeNull();
  });

  test("times that went back were read while they changed", () => {
    expect(limits({ busy: -1 })).toBeNull();
    expect(limits({ busy: 10, receiverWindow: -1 })).toBeNull();
    expect(limits({ busy: 10, sendBuffer: -1 })).toBeNull();
  });
});
