import { describe, expect, test } from "vitest";
import { InetDiagMessage } from "../../src/linux/inet-diag-message.js";
import { memoryOf } from "../../src/linux/netlink-stream.js";
import * as captured from "./captured-diag-messages.js";
import { diagMessage } from "./diag-message-bytes.js";

const LOOPBACK = "\x7f\0\0\x01";

function messageOf(bytes: Buffer): InetDiagMessage {
  const memory = memoryOf(bytes);
  const message = new InetDiagMessage(memory);
  expect(message.moveTo(memory, 0, bytes.length)).toBe(true);
  return message;
}

describe("what a kernel said", () => {
  test("of both sides of a connection", () => {
    expect(messageOf(captured.CLIENT)).toMatchObject({
      ...{ cookie: 6246250, proto: "tcp", family: 4, state: 1, isMiniSocket: false, inode: 14545181 },
      ...{ localPort: 60628, remotePort: 47015, localAddr: LOOPBACK, remoteAddr: LOOPBACK, boundDevice: 0 },
      ...{ receiveQueue: 500, sendQueue: 0, unacked: 0, rttUs: 23, rttvarUs: 13, minRttUs: 9, cwnd: 11 },
      ...{ bytesAcked: 1001, bytesReceived: 500, bytesSent: 1000, bytesRetrans: 0, notSentBytes: 0 },
      ...{ totalRetrans: 0, dataSegmentsIn: 1, deliveryRate: 3925333333, drops: null },
    });
    expect(messageOf(captured.SERVER)).toMatchObject({
      ...{ localPort: 47015, remotePort: 60628, bytesAcked: 500, bytesReceived: 1000, bytesSent: 500 },
    });
  });

  test("of a listening socket: its backlog in place of queues", () => {
    expect(messageOf(captured.LISTENING)).toMatchObject({ state: 10, receiveQueue: 0, sendQueue: 7 });
  });

  test("of a UDP socket: drops, and no counters", () => {
    expect(messageOf(captured.UDP)).toMatchObject({
      ...{ family: 6, state: 7, localPort: 50484, remotePort: 0, localAddr: `${"\0".repeat(15)}\x01` },
      ...{ drops: 17, bytesSent: null, rttUs: null },
    });
  });

  test("of the ends: the protocol, and counters with FIN", () => {
    expect(messageOf(captured.DESTROYED_CLIENT)).toMatchObject({
      ...{ cookie: 6246250, proto: "tcp", state: 7, bytesAcked: 1002, bytesSent: 1000, bytesReceived: 500 },
    });
    expect(messageOf(captured.DESTROYED_SERVER)).toMatchObject({ bytesAcked: 501, bytesReceived: 1001 });
    expect(messageOf(captured.DESTROYED_UDP)).toMatchObject({ proto: "udp", localPort: 38414, drops: null });
  });
});

describe("tcp_info of other lengths", () => {
  const info = { bytesAcked: 7, bytesSent: 6 };

  test("an older kernel's lacks what came later", () => {
    expect(messageOf(diagMessage({ info, infoBytes: 192 }))).toMatchObject({
      ...{ bytesAcked: 7, deliveryRate: 0, bytesSent: null, bytesRetrans: null },
    });
    // Cut in the middle of a field.
    expect(messageOf(diagMessage({ info, infoBytes: 204 })).bytesSent).toBeNull();
  });

  test("a message moved to another forgets the first's", () => {
    const [first, second] = [diagMessage({ info }), diagMessage({ protocol: 17 })];
    const message = messageOf(first);
    message.moveTo(memoryOf(second), 0, second.length);
    expect(message).toMatchObject({ bytesAcked: null, proto: "udp" });
  });
});

test("what is too short, and attributes that claim more than there is", () => {
  const bytes = diagMessage({ info: {} });
  const memory = memoryOf(bytes);
  expect(new InetDiagMessage(memory).moveTo(memory, 0, 40)).toBe(false);
  bytes.writeUInt16LE(0xffff, 88);
  expect(messageOf(bytes).bytesAcked).toBeNull();
  bytes.writeUInt16LE(0, 88);
  expect(messageOf(bytes).bytesAcked).toBeNull();
});
