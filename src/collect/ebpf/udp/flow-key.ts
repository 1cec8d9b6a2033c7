import type { RecordMemory } from "../../../linux/record-memory.js";
import { FlowKey, FlowRecord, type SocketTuple } from "../../../linux/records.gen.js";

/** The key of a flow in the kernel's map: struct flow_key (bpf/records.h), from the record of the flow at `at`. */
export function flowKey({ bytes }: RecordMemory, at: number, peer: SocketTuple): Uint8Array {
  const key = Buffer.alloc(FlowKey.size);
  bytes.copy(key, FlowKey.offsets.cookie, at + FlowRecord.offsets.cookie, at + FlowRecord.offsets.cookie + 8);
  key.write(peer.remoteAddr, FlowKey.offsets.remoteAddr, "latin1");
  key.writeUInt16LE(peer.remotePort, FlowKey.offsets.remotePort);
  key.writeUInt16LE(peer.family, FlowKey.offsets.family);
  return key;
}
