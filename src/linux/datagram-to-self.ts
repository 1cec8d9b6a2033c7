import { closeSync } from "node:fs";

import {
  bindSocket,
  boundAddress,
  openSocket,
  receiveOrErrno,
  SystemCallError,
  sendMessageTo,
} from "./libc.js";

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
/** struct sockaddr_in: family, port, address. */
const ADDRESS_BYTES = 16;
const LOOPBACK = [127, 0, 0, 1];
/** On loopback it is there when the call that sent it returns, unless the kernel is busy. */
const TRIES = 20;
const TRY_MS = 5;

/** Sends a datagram without payload to itself over loopback, and receives it; false where that can't be done. */
export function sendDatagramToSelf(): boolean {
  try {
    const fd = openSocket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    try {
      return sendAndReceive(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    // No loopback here, or no IPv4.
    if (error instanceof SystemCallError) return false;
    throw error;
  }
}

function sendAndReceive(fd: number): boolean {
  const wanted = new Uint8Array(ADDRESS_BYTES);
  new DataView(wanted.buffer).setUint16(0, AF_INET, true);
  wanted.set(LOOPBACK, 4);
  bindSocket(fd, wanted);
  sendMessageTo(fd, new Uint8Array(0), boundAddress(fd, ADDRESS_BYTES));
  const into = new Uint8Array(1);
  for (let tries = 0; tries < TRIES; tries++) {
    if (receiveOrErrno(fd, into) === 0) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_MS);
  }
  return false;
}
