import { describe, expect, test } from "vitest";
import {
  everySocketRequest,
  isLastOfAnswer,
  lookUpRequest,
  saysThatItExists,
  saysThatItIsSupported,
  supportRequest,
} from "../../src/linux/sock-diag-messages.js";

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const SOCK_DIAG_BY_FAMILY = 20;

/** A reply of the kernel's: struct nlmsghdr, then what the type says. */
function reply(type: number, payload: readonly number[]): DataView {
  const bytes = Buffer.alloc(16 + payload.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.set(payload, 16);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function int32(value: number): readonly number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return [...bytes];
}

/** struct inet_diag_msg begins with family, state, timer, retransmissions. */
const socket = (state: number, timer: number): DataView => reply(SOCK_DIAG_BY_FAMILY, [2, state, timer, 0]);

describe("a look-up", () => {
  test("over IPv4 names both ends and the cookie, and asks for nothing that takes the socket's lock", () => {
    const tuple = {
      family: 4,
      localAddr: "192.0.2.1",
      localPort: 0x1234,
      remoteAddr: "198.51.100.7",
      remotePort: 443,
    } as const;
    expect(
      Buffer.from(lookUpRequest({ proto: "tcp", tuple, cookie: 2n ** 64n - 2n, boundDevice: 5 })).toString(
        "hex",
      ),
    ).toBe(
      [
        // struct nlmsghdr: length, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, sequence, port
        "48000000" + "1400" + "0100" + "00000000" + "00000000",
        // AF_INET, IPPROTO_TCP, no extensions, padding, all states
        "02" + "06" + "00" + "00" + "ffffffff",
        // ports and addresses in network order, the device
        "1234" + "01bb",
        `c0000201${"0".repeat(24)}`,
        `c6336407${"0".repeat(24)}`,
        "05000000",
        // the cookie, low word first
        "feffffff" + "ffffffff",
      ].join(""),
    );
  });

  test.each([
    ["::", "0".repeat(32)],
    ["::1", `${"0".repeat(31)}1`],
    ["fe80::", `fe80${"0".repeat(28)}`],
    ["2001:db8::1:0:0:1", "20010db8000000000001000000000001"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
  ])("over IPv6 names %s", (address, hex) => {
    const tuple = {
      family: 6,
      localAddr: address,
      localPort: 1,
      remoteAddr: address,
      remotePort: 2,
    } as const;
    const request = Buffer.from(lookUpRequest({ proto: "tcp", tuple, cookie: 7, boundDevice: null }));
    expect(request.readUInt8(16)).toBe(10);
    expect(request.toString("hex", 28, 44)).toBe(hex);
    expect(request.toString("hex", 44, 60)).toBe(hex);
    expect(request.readBigUInt64LE(64)).toBe(7n);
  });

  test("finds a socket that is whole, whatever its state and timer", () => {
    for (const timer of [0, 1, 2, 4]) expect(saysThatItExists(socket(1, timer))).toBe(true);
    expect(saysThatItExists(socket(5, 2))).toBe(true);
  });

  test("takes what is left in TIME_WAIT or FIN_WAIT2 for gone", () => {
    expect(saysThatItExists(socket(6, 3))).toBe(false);
    expect(saysThatItExists(socket(5, 3))).toBe(false);
  });

  test("finds it gone when there is no such socket (ENOENT), or another between the same ends (ESTALE)", () => {
    expect(saysThatItExists(reply(NLMSG_ERROR, int32(-2)))).toBe(false);
    expect(saysThatItExists(reply(NLMSG_ERROR, int32(-116)))).toBe(false);
  });

  test("takes no other error for an answer", () => {
    for (const errno of [1, 12, 22]) expect(saysThatItExists(reply(NLMSG_ERROR, int32(-errno)))).toBe(true);
  });
});

describe("whether look-ups work", () => {
  test("is asked by a dump of no state", () => {
    const request = Buffer.from(supportRequest("tcp"));
    expect(request.readUInt16LE(6)).toBe(0x301);
    expect(request.readUInt32LE(20)).toBe(0);
  });

  test("they do when the dump ends well", () => {
    expect(saysThatItIsSupported(reply(NLMSG_DONE, int32(0)))).toBe(true);
  });

  test("they don't when there is no one to ask", () => {
    expect(saysThatItIsSupported(reply(NLMSG_DONE, int32(-2)))).toBe(false);
    expect(saysThatItIsSupported(reply(NLMSG_ERROR, int32(-2)))).toBe(false);
  });
});

describe("a request for every socket", () => {
  test("asks for whole sockets in all states, of one protocol and family", () => {
    expect(Buffer.from(everySocketRequest("udp", 6)).toString("hex").slice(0, 48)).toBe(
      // struct nlmsghdr with NLM_F_DUMP; AF_INET6, IPPROTO_UDP, no extensions; not TIME_WAIT, not NEW_SYN_RECV
      `480000001400${"0103"}0000000000000000${"0a110000"}${"be0f0000"}`,
    );
  });

  test.each([
    [SOCK_DIAG_BY_FAMILY, false],
    [NLMSG_DONE, true],
    [NLMSG_ERROR, true],
  ])("an answer of type %i is the last: %s", (type, isLast) => {
    expect(isLastOfAnswer(reply(type, int32(0)))).toBe(isLast);
  });
});
