import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import type { Connection } from "../../../src/model/connection.js";
import type { ProcessDetails } from "../../../src/model/process-details.js";
import type { Sample, SocketReading } from "../../../src/model/sample.js";
import { closedAt, onlyRow, owner, readingAt, sampleAt, seconds } from "../example-samples.js";

const NETNS = 4_026_531_840;
const HOLDERS = [{ cookie: 1, pid: 20, comm: "comm-20" }];

function details(cmdline: string, startedSeconds = 1): ProcessDetails {
  return {
    startedNs: seconds(startedSeconds),
    cmdline,
    user: "root",
    cgroup: "/system.slice/a.service",
    container: "a.service",
  };
}

const SERVER = details("server");
const KNOWN: Partial<Sample> = { processes: new Map([[20, SERVER]]) };

/** A table with one connection that process 20 holds, and how to walk it. */
function heldConnection(reading: Partial<SocketReading> = {}): {
  readonly connections: ConnectionTable;
  readonly walk: (at: number, parts?: Partial<Sample>) => Connection;
} {
  const connections = new ConnectionTable({ lingerMs: 60_000 });
  const walk = (at: number, parts: Partial<Sample> = {}): Connection =>
    onlyRow(
      connections.apply(sampleAt(at, { sockets: [readingAt(at, reading)], holders: HOLDERS, ...parts })),
    );
  return { connections, walk };
}

describe("processes", () => {
  it("are joined by the owner that stands for all", () => {
    const { walk } = heldConnection({ owner: owner(30, "connect") });
    const holders = [...HOLDERS, { cookie: 1, pid: 30, comm: "comm-30" }];
    const client = details("client");
    const processes = new Map([
      [20, SERVER],
      [30, client],
    ]);
    expect(walk(10, { holders, processes })).toMatchObject({ pid: 30, process: client });
  });

  it("are unknown without an owner, and where nobody has looked", () => {
    const { walk } = heldConnection();
    expect(walk(10, { ...KNOWN, holders: [] }).process).toBeNull();
    expect(heldConnection().walk(10).process).toBeNull();
  });

  it("make a new row when they become known, also of a connection at rest, and then none", () => {
    const { walk } = heldConnection();
    for (const at of [10, 11, 12]) walk(at);
    const before = walk(13);
    expect(before).toMatchObject({ txRate: 0, process: null });
    const known = walk(14, KNOWN);
    expect(known).toMatchObject({ txRate: 0, process: SERVER });
    expect(walk(15, KNOWN)).toBe(known);
    expect(walk(16, { processes: new Map([[20, SERVER]]) })).toBe(known);
    expect(walk(17)).toBe(known);
  });

  it("change with what is known of them", () => {
    const { walk } = heldConnection();
    walk(10, KNOWN);
    const other = details("another program");
    expect(walk(11, { processes: new Map([[20, other]]) }).process).toBe(other);
  });

  it("stay when they have ended, for as long as the row does", () => {
    const { connections, walk } = heldConnection();
    walk(10, KNOWN);
    const gone: Partial<Sample> = { processes: new Map(), holders: [] };
    expect(walk(11, gone).process).toBe(SERVER);
    const closed = sampleAt(12, { ...gone, closed: [closedAt(11.5)] });
    expect(onlyRow(connections.apply(closed))).toMatchObject({ closed: true, process: SERVER });
    expect(onlyRow(connections.apply(sampleAt(13, gone)))).toMatchObject({ closed: true, process: SERVER });
  });

  it("are another's when another owns the connection now", () => {
    const { walk } = heldConnection();
    walk(10, KNOWN);
    const heir = [{ cookie: 1, pid: 30, comm: "heir" }];
    expect(walk(11, { ...KNOWN, holders: heir })).toMatchObject({ pid: 30, process: null });
  });

  it("are not those that have the pid after them", () => {
    const { connections, walk } = heldConnection();
    const closed = closedAt(10.5, { owner: owner(20, "io") });
    walk(10);
    const another: Partial<Sample> = { processes: new Map([[20, details("another", 10.9)]]) };
    connections.apply(sampleAt(11, { closed: [closed], ...another }));
    const row = onlyRow(connections.apply(sampleAt(12, another)));
    expect(row).toMatchObject({ closed: true, pid: 20, process: null });
  });

  it("are not replaced by those that have the pid after them", () => {
    const { walk } = heldConnection();
    walk(10, KNOWN);
    const another: Partial<Sample> = { processes: new Map([[20, details("another", 10.9)]]), holders: [] };
    expect(walk(11, another).process).toBe(SERVER);
    expect(walk(12, another).process).toBe(SERVER);
  });

  it("are known of a connection that is first heard of by its close", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    const closed = [closedAt(10.5, { openedNs: seconds(10.4), owner: owner(20, "connect") })];
    const row = onlyRow(connections.apply(sampleAt(11, { closed, ...KNOWN })));
    expect(row).toMatchObject({ closed: true, process: SERVER });
  });

  it("can become known while the closed row lingers", () => {
    const { connections, walk } = heldConnection();
    walk(10);
    connections.apply(sampleAt(11, { closed: [closedAt(10.5)] }));
    expect(onlyRow(connections.apply(sampleAt(12, KNOWN))).process).toBe(SERVER);
  });
});

describe("namespaces", () => {
  const named = (name: string): Partial<Sample> => ({ namespaces: new Map([[NETNS, name]]) });

  it("are shown by name beside their inode", () => {
    expect(heldConnection().walk(10, named("blue"))).toMatchObject({ netns: NETNS, netnsName: "blue" });
    expect(heldConnection().walk(10)).toMatchObject({ netns: NETNS, netnsName: null });
  });

  it("make a new row when they are named, also of a connection at rest, and then none", () => {
    const { walk } = heldConnection();
    for (const at of [10, 11, 12, 13]) walk(at);
    const blue = named("blue");
    const row = walk(14, blue);
    expect(row.netnsName).toBe("blue");
    expect(walk(15, blue)).toBe(row);
    expect(walk(16, named("red")).netnsName).toBe("red");
  });

  it("keep the name that they had", () => {
    const { walk } = heldConnection();
    walk(10, named("blue"));
    expect(walk(11, { namespaces: new Map() }).netnsName).toBe("blue");
  });
});

describe("devices", () => {
  const devices = (name: string): Partial<Sample> => ({
    devices: new Map([[NETNS, new Map([[3, name]])]]),
  });

  it("are named by the device that the socket is bound to, else by the one that it receives by", () => {
    const bound = heldConnection({ boundDevice: 3, receivingDevice: 4 });
    expect(bound.walk(10, devices("eth0")).deviceName).toBe("eth0");
    const receiving = heldConnection({ receivingDevice: 3 });
    expect(receiving.walk(10, devices("eth0")).deviceName).toBe("eth0");
    expect(heldConnection().walk(10, devices("eth0")).deviceName).toBeNull();
  });

  it("are those of the connection's own namespace", () => {
    const { walk } = heldConnection({ boundDevice: 3, netns: 7 });
    expect(walk(10, devices("eth0")).deviceName).toBeNull();
  });

  it("keep their name when it is gone, and take a new one, also on a connection at rest", () => {
    const { walk } = heldConnection({ boundDevice: 3 });
    for (const at of [10, 11]) walk(at, devices("eth0"));
    const first = walk(12);
    expect(walk(13)).toBe(first);
    expect(walk(14, { devices: new Map() })).toMatchObject({ deviceName: "eth0" });
    expect(walk(15, devices("wan0")).deviceName).toBe("wan0");
  });

  it("change with the socket's device; one that is not known is not the one before", () => {
    const { walk } = heldConnection({ boundDevice: 3 });
    walk(10, devices("eth0"));
    expect(walk(11, { sockets: [readingAt(11, { boundDevice: 9 })] }).deviceName).toBeNull();
    expect(walk(12).deviceName).toBe("eth0");
    expect(walk(13, { sockets: [readingAt(13)] }).deviceName).toBeNull();
  });
});
