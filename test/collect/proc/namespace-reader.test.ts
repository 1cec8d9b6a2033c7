import { expect, test } from "vitest";
import { NamespaceReader } from "../../../src/collect/proc/namespace-reader.js";
import { SocketInodes } from "../../../src/collect/proc/socket-inodes.js";
import { procFolderOfTest, tableText } from "../../linux/proc-folder.js";

const NAMESPACES = [101, 102, 103, 104];

function readerOfTest(budgetMs: number): () => ReturnType<NamespaceReader["read"]> {
  const processes = NAMESPACES.map((netns) => ({
    pid: netns,
    netns,
    net: { tcp: tableText([{ ends: "0100007F:B037 0100007F:EB36", inode: netns }]), tcp6: tableText([]) },
  }));
  const reader = new NamespaceReader(procFolderOfTest(processes).path, new SocketInodes(), budgetMs);
  return () => reader.read(NAMESPACES);
}

test("with time enough, all namespaces are in each sample", async () => {
  const read = readerOfTest(60_000);
  for (let times = 0; times < 2; times++) {
    const { sockets, stalled } = await read();
    expect(sockets.map(({ netns }) => netns)).toEqual(NAMESPACES);
    expect(stalled).toBeNull();
  }
});

test("without, each has its turn; what waits is said, and ends nowhere", async () => {
  const read = readerOfTest(0);
  const order: number[] = [];
  for (let times = 0; times < 2 * NAMESPACES.length; times++) {
    const { sockets, closed, stalled } = await read();
    order.push(...sockets.map(({ netns }) => netns));
    expect(closed).toEqual([]);
    expect(stalled?.what).toBe("3 network namespaces wait to be read");
    expect(stalled?.sinceMs).toBeLessThanOrEqual(Date.now());
  }
  expect(order).toEqual([...NAMESPACES, ...NAMESPACES]);
});
