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
  /** Name of the congestion control algorithm. */
  readonly congestionAlgorithm?: string;
  /** Size of the send buffer, and what it holds. */
  readonly sendBuffer?: readonly [size: number, queued: number];
  /** Length of tcp_info: that of older kernels is shorter. */
  readonly infoBytes?: number;
}

export interface DiagInfo {
  readonly timeouts?: number;
  readonly isAppLimited?: boolean;
  readonly mss?: number;
  readonly unacked?: number;
  readonly sacked?: number;
  readonly lost?: number;
  readonly sentAgain?: number;
  readonly cwnd?: number;
  readonly rttUs?: number;
  readonly bytesAcked?: number;
  readonly bytesReceived?: number;
  readonly notSentBytes?: number;
  readonly dataSegmentsIn?: number;
  readonly dataSegmentsOut?: number;
  readonly busyTimeUs?: number;
  readonly rwndLimitedUs?: number;
  readonly sndbufLimitedUs?: number;
  readonly sendWindow?: number;
  readonly receiveWindow?: number;
  readonly bytesSent?: number;
  readonly bytesRetrans?: number;
}

const AF_INET = 2;
const AF_INET6 = 10;
const INFO_BYTES = 236;

/** A message as the kernel writes them, of IPv4 from 127.0.0.1 to 127.0.0.1 unless told otherwise. */
export function diagMessage(fields: DiagFields): Buffer {
  const attributes = [
    ...(fields.protocol === undefined ? [] : [attribute(10, Buffer.from([fields.protocol]))]),
    ...(fields.info === undefined
      ? []
      : [attribute(2, infoBytes(fields.info, fields.infoBytes ?? INFO_BYTES))]),
    ...(fields.congestionAlgorithm === undefined
      ? []
      : [attribute(4, Buffer.from(`${fields.congestionAlgorithm}\0`))]),
    ...(fields.sendBuffer === undefined ? [] : [attribute(7, socketMemory(fields.sendBuffer))]),
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
  bytes.writeUInt8(info.timeouts ?? 0, 2);
  // What stands beside it in the same byte is no part of it.
  bytes.writeUInt8(0b110 | (info.isAppLimited === true ? 1 : 0), 7);
  bytes.writeUInt32LE(info.mss ?? 0, 16);
  bytes.writeUInt32LE(info.unacked ?? 0, 24);
  bytes.writeUInt32LE(info.sacked ?? 0, 28);
  bytes.writeUInt32LE(info.lost ?? 0, 32);
  bytes.writeUInt32LE(info.sentAgain ?? 0, 36);
  bytes.writeUInt32LE(info.rttUs ?? 0, 68);
  bytes.writeUInt32LE(info.cwnd ?? 0, 80);
  bytes.writeBigUInt64LE(BigInt(info.bytesAcked ?? 0), 120);
  bytes.writeBigUInt64LE(BigInt(info.bytesReceived ?? 0), 128);
  bytes.writeUInt32LE(info.notSentBytes ?? 0, 144);
  bytes.writeUInt32LE(info.dataSegmentsIn ?? 0, 152);
  bytes.writeUInt32LE(info.dataSegmentsOut ?? 0, 156);
  bytes.writeBigUInt64LE(BigInt(info.busyTimeUs ?? 0), 168);
  bytes.writeBigUInt64LE(BigInt(info.rwndLimitedUs ?? 0), 176);
  bytes.writeBigUInt64LE(BigInt(info.sndbufLimitedUs ?? 0), 184);
  bytes.writeBigUInt64LE(BigInt(info.bytesSent ?? 0), 200);
  bytes.writeBigUInt64LE(BigInt(info.bytesRetrans ?? 0), 208);
  bytes.writeUInt32LE(info.sendWindow ?? 0, 228);
  bytes.writeUInt32LE(info.receiveWindow ?? 0, 232);
  return bytes.subarray(0, length);
}

/** SK_MEMINFO_*, each 32 bits. */
function socketMemory([size, queued]: readonly [number, number]): Buffer {
  const bytes = Buffer.alloc(9 * 4);
  bytes.writeUInt32LE(size, 3 * 4);
  bytes.writeUInt32LE(queued, 5 * 4);
  return bytes;
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(value, 4);
  return bytes;
}
