/** What a made-up message says; what is left out is an established connection of a process, counts are 0, and of tcp_info's end not there. */
export interface DiagFields {
  readonly family?: 4 | 6;
  readonly state?: number;
  readonly timer?: number;
  readonly localPort?: number;
  readonly remotePort?: number;
  readonly remoteAddr?: readonly number[];
  readonly cookie?: number;
  readonly receiveQueue?: number;
  readonly sendQueue?: number;
  readonly inode?: number;
  readonly protocol?: number;
  readonly info?: DiagInfo;
  /** Length of tcp_info: that of older kernels is shorter. */
  readonly infoBytes?: number;
}

export interface DiagInfo {
  readonly unacked?: number;
  readonly rttUs?: number;
  readonly bytesAcked?: number;
  readonly bytesReceived?: number;
  readonly notSentBytes?: number;
  readonly dataSegmentsIn?: number;
  readonly bytesSent?: number;
  readonly bytesRetrans?: number;
}

const AF_INET = 2;
const AF_INET6 = 10;
const INFO_BYTES = 232;

/** A message as the kernel writes them, of IPv4 from 127.0.0.1 to 127.0.0.1 unless told otherwise. */
export function diagMessage(fields: DiagFields): Buffer {
  const attributes = [
    ...(fields.protocol === undefined ? [] : [attribute(10, Buffer.from([fields.protocol]))]),
    ...(fields.info === undefined
      ? []
      : [attribute(2, infoBytes(fields.info, fields.infoBytes ?? INFO_BYTES))]),
  ];
  const head = Buffer.alloc(16 + 72);
  head.writeUInt16LE(20, 4);
  head.writeUInt8(fields.family === 6 ? AF_INET6 : AF_INET, 16);
  head.writeUInt8(fields.state ?? 1, 17);
  head.writeUInt8(fields.timer ?? 0, 18);
  head.writeUInt16BE(fields.localPort ?? 1000, 20);
  head.writeUInt16BE(fields.remotePort ?? 2000, 22);
  head.set([127, 0, 0, 1], 24);
  head.set(fields.remoteAddr ?? [127, 0, 0, 1], 40);
  head.writeBigUInt64LE(BigInt(fields.cookie ?? 1), 60);
  head.writeUInt32LE(fields.receiveQueue ?? 0, 72);
  head.writeUInt32LE(fields.sendQueue ?? 0, 76);
  head.writeUInt32LE(fields.inode ?? 50, 84);
  const message = Buffer.concat([head, ...attributes]);
  message.writeUInt32LE(message.length, 0);
  return message;
}

function infoBytes(info: DiagInfo, length: number): Buffer {
  const bytes = Buffer.alloc(INFO_BYTES);
  bytes.writeUInt32LE(info.unacked ?? 0, 24);
  bytes.writeUInt32LE(info.rttUs ?? 0, 68);
  bytes.writeBigUInt64LE(BigInt(info.bytesAcked ?? 0), 120);
  bytes.writeBigUInt64LE(BigInt(info.bytesReceived ?? 0), 128);
  bytes.writeUInt32LE(info.notSentBytes ?? 0, 144);
  bytes.writeUInt32LE(info.dataSegmentsIn ?? 0, 152);
  bytes.writeBigUInt64LE(BigInt(info.bytesSent ?? 0), 200);
  bytes.writeBigUInt64LE(BigInt(info.bytesRetrans ?? 0), 208);
  return bytes.subarray(0, length);
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(value, 4);
  return bytes;
}
