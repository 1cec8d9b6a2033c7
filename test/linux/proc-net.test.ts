import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  countSockets,
  decodeEnds,
  parseRows,
  readSocketTable,
  type SocketTableName,
  type SocketTableRow,
} from "../../src/linux/proc-net.js";

// Lines as Linux 6.18 on x86_64 printed them.
const TCP_HEADER =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ";
const LISTENS =
  "   5: 0100007F:B037 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 7968811 2 0000000083c9d694 100 0 0 10 0                   ";
const UNACCEPTED =
  " 326: 0100007F:B037 0100007F:EB36 08 00000000:00000006 00:00000000 00000000     0        0 0 1 000000009e226a87 20 4 28 10 -1                        ";
const FIN_WAIT2_MINI_SOCKET =
  " 787: 0100007F:EB36 0100007F:B037 05 00000000:00000000 03:0000176A 00000000     0        0 0 3 000000001e905e5f                                      ";
const CONNECTS =
  "   0: 00000000:8CEE 4D0200C0:0051 02 00000001:00000000 01:00000063 00000000  1000        0 10579065 2 000000003b39a8ec 100 0 0 10 -1                 ";
const TCP6_HEADER =
  "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const MAPPED =
  "   4: 0000000000000000FFFF00000100007F:B2A6 0000000000000000FFFF00000100007F:BE33 01 00000000:00000000 00:00000000 00000000     0        0 10579061 2 000000006a4c7dcc 20 0 0 10 -1";
const UDP_HEADER =
  "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            ";
const UDP_DROPS =
  " 1788: 0100007F:DD76 00000000:0000 07 00000000:00000500 00:00000000 00000000     0        0 10579062 2 00000000b9b6b1e4 19     ";
const UDP6 =
  "15983: 00000000000000000000000000000000:14E9 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 10579064 2 000000007b123fc1 3";

describe("rows", () => {
  test("a listening socket, with its accept queue", () => {
    expect(parseRows(`${TCP_HEADER}\n${LISTENS}\n`, "tcp")).toEqual([
      {
        ends: "0100007F:B037 00000000:0000",
        state: 10,
        txQueue: 0,
        rxQueue: 1,
        isMiniSocket: false,
        uid: 0,
        inode: 7968811,
        drops: null,
      },
    ]);
  });

  test("a socket that no process has accepted has no inode", () => {
    expect(parseRows(`${UNACCEPTED}\n`, "tcp")).toMatchObject([{ state: 8, rxQueue: 6, inode: 0 }]);
  });

  test("a mini-socket is told by its timer, not by its state", () => {
    expect(parseRows(`${FIN_WAIT2_MINI_SOCKET}\n`, "tcp")).toMatchObject([{ state: 5, isMiniSocket: true }]);
  });

  test("a socket that connects, and its user", () => {
    expect(parseRows(`${CONNECTS}\n`, "tcp")).toMatchObject([
      { state: 2, txQueue: 1, uid: 1000, inode: 10579065 },
    ]);
  });

  test("IPv6", () => {
    expect(parseRows(`${TCP6_HEADER}\n${MAPPED}\n`, "tcp6")).toMatchObject([
      {
        ends: "0000000000000000FFFF00000100007F:B2A6 0000000000000000FFFF00000100007F:BE33",
        inode: 10579061,
        drops: null,
      },
    ]);
  });

  test("UDP, with its drops", () => {
    expect(parseRows(`${UDP_HEADER}\n${UDP_DROPS}\n`, "udp")).toMatchObject([
      { state: 7, rxQueue: 0x500, isMiniSocket: false, inode: 10579062, drops: 19 },
    ]);
    expect(parseRows(`${UDP6}\n`, "udp6")).toMatchObject([{ inode: 10579064, drops: 3 }]);
  });

  test("a line that is cut off anywhere before its pointer is none, and never one with another inode", () => {
    const whole = LISTENS.indexOf(" 2 0000000083c9d694") + " 2 0".length;
    for (let length = 0; length < LISTENS.length; length++) {
      const rows = parseRows(`${LISTENS.slice(0, length)}\n`, "tcp");
      expect(rows.map(({ inode }) => inode)).toEqual(length < whole ? [] : [7968811]);
    }
  });

  test("what is no row is passed over", () => {
    const noise = "\n\n: \n12: zz\n   7: 0100007F:B037 0100007F 01 \n\u0000\n";
    expect(parseRows(`${noise}${LISTENS}\n${noise}`, "tcp")).toHaveLength(1);
  });
});

describe("reading a table", () => {
  test("longer than a chunk: every row once, in order", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) =>
      LISTENS.replace("7968811", String(100_000 + index)),
    );
    const rows = await readAll(fileOf([TCP_HEADER, ...lines].map((line) => `${line}\n`).join("")), "tcp");
    expect(rows.map(({ inode }) => inode)).toEqual(lines.map((_, index) => 100_000 + index));
  });

  test("that breaks off: without the line that has no end", async () => {
    const path = fileOf(`${TCP_HEADER}\n${LISTENS}\n${UNACCEPTED.trimEnd()}`);
    expect(await readAll(path, "tcp")).toHaveLength(1);
  });

  test("that is not there: the system's error", async () => {
    await expect(readAll("/nonexistent/tcp", "tcp")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("and going away in the middle of it leaves no descriptor open", async () => {
    const path = fileOf(`${LISTENS}\n`.repeat(3000));
    const before = readdirSync("/dev/fd").length;
    for (let times = 0; times < 100; times++) {
      for await (const rows of readSocketTable(path, "tcp")) {
        expect(rows.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(readdirSync("/dev/fd").length).toBeLessThan(before + 50);
  });
});

describe("ends", () => {
  const word = (bytes: readonly number[], isLittleEndian: boolean): string =>
    (isLittleEndian ? [...bytes].reverse() : bytes).map(hex2).join("").toUpperCase();
  const hex2 = (byte: number): string => byte.toString(16).padStart(2, "0");
  const printed = (address: readonly number[], port: number, isLittleEndian: boolean): string => {
    const words = Array.from({ length: address.length / 4 }, (_, at) => address.slice(4 * at, 4 * at + 4));
    const hexPort = port.toString(16).padStart(4, "0").toUpperCase();
    return `${words.map((bytes) => word(bytes, isLittleEndian)).join("")}:${hexPort}`;
  };
  const address = (bytes: number) => fc.array(fc.nat(255), { minLength: bytes, maxLength: bytes });
  const port = fc.nat(65535);

  test.each([4, 16])("what the kernel prints of %d bytes is decoded, whatever the byte order", (bytes) => {
    fc.assert(
      fc.property(
        address(bytes),
        port,
        address(bytes),
        port,
        fc.boolean(),
        (local, localPort, remote, remotePort, le) => {
          const ends = `${printed(local, localPort, le)} ${printed(remote, remotePort, le)}`;
          expect(decodeEnds(ends, le)).toEqual({
            localAddr: String.fromCharCode(...local),
            localPort,
            remoteAddr: String.fromCharCode(...remote),
            remotePort,
          });
        },
      ),
    );
  });

  test("a captured one", () => {
    expect(decodeEnds("0100007F:B037 4D0200C0:0051", true)).toEqual({
      localAddr: "\x7f\0\0\x01",
      localPort: 45111,
      remoteAddr: "\xc0\0\x02\x4d",
      remotePort: 81,
    });
  });
});

describe("how many sockets a table has", () => {
  const SOCKSTAT = `sockets: used 100064
TCP: inuse 100007 orphan 0 tw 0 alloc 100007 mem 247
UDP: inuse 1 mem 229
UDPLITE: inuse 7
`;

  test("is read off the namespace's counters", () => {
    const folder = folderOfTest();
    writeFileSync(join(folder, "sockstat"), SOCKSTAT);
    writeFileSync(join(folder, "sockstat6"), "TCP6: inuse 0\nUDP6: inuse 3\nUDPLITE6: inuse 0\n");
    const count = (table: SocketTableName) => countSockets(folder, table);
    expect([count("tcp"), count("tcp6"), count("udp"), count("udp6")]).toEqual([100_007, 0, 1, 3]);
  });

  test("is not known where there are none, or others", () => {
    const folder = folderOfTest();
    expect(countSockets(folder, "tcp")).toBeNull();
    writeFileSync(join(folder, "sockstat"), "UDPLITE: inuse 0\n");
    expect(countSockets(folder, "tcp")).toBeNull();
  });
});

async function readAll(path: string, table: SocketTableName): Promise<readonly SocketTableRow[]> {
  const all: SocketTableRow[] = [];
  for await (const rows of readSocketTable(path, table)) all.push(...rows);
  return all;
}

function fileOf(text: string): string {
  const path = join(folderOfTest(), "table");
  writeFileSync(path, text);
  return path;
}

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
