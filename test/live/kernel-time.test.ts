import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { EbpfCollector } from "../../src/collect/ebpf/ebpf-collector.js";
import { TRACEPOINT_WITHOUT_UDP } from "../../src/collect/ebpf/tracepoint-plans.js";

const BPF_FOLDER = fileURLToPath(new URL("../../bpf/", import.meta.url));

test("programs take time in the kernel while they are measured, and the walk is in it", async () => {
  const collector = EbpfCollector.open(TRACEPOINT_WITHOUT_UDP, { objectFolder: BPF_FOLDER });
  onTestFinished(() => collector.close());
  await collector.sample([]);
  const end = collector.measureKernelTime();
  if (end === null) throw new Error("the kernel takes no times for root");
  await collector.sample([]);
  const takenNs = end();
  expect(takenNs).toBeGreaterThan(0);
  // No longer measured: what runs now is not in the next measurement.
  await collector.sample([]);
  const endAgain = collector.measureKernelTime();
  expect(endAgain?.()).toBeLessThan(takenNs);
});
