import { UdpFlows } from "../../../../src/collect/ebpf/udp/udp-flows.js";

/** For tests in which there is no UDP. */
export function noFlows(): UdpFlows {
  return new UdpFlows({ take: () => null }, { timeoutMs: 60_000, countsDatagrams: true });
}
