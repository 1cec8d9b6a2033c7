import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { BPF_FOLDER } from "../src/cli/package-files.js";
import { attachToAllCgroups } from "../src/collect/ebpf/udp/cgroup-hooks.js";
import { BpfObject } from "../src/linux/bpf-object.js";
import { READ_ONLY_DATA, RECORD_KIND } from "../src/linux/records.gen.js";

/** The checkout, seen from dist/bench. */
const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));
const PACKETS_OBJECT = "build/bench/packets.bpf.o";
/** Room for what one slot brings, so that the programs do what they do while the ring is read. */
const RING_BYTES = 64 * 1024 * 1024;

/** Programs to attach together, and nobody who reads what they report. */
export interface ProgramSet {
  readonly path: string;
  /** Attached by what their sections say. */
  readonly programs: readonly string[];
  /** Attached to the root of the cgroup hierarchy. */
  readonly cgroupPrograms: readonly string[];
}

/** What the collector puts on TCP. */
export const TCP_PROGRAMS: ProgramSet = {
  path: `${BPF_FOLDER}tcptop.bpf.o`,
  programs: ["tcp_state_changed", "tcp_destroyed"],
  cgroupPrograms: [],
};

/** What the tracepoint rung puts on UDP. */
export const UDP_PROGRAMS: ProgramSet = {
  path: `${BPF_FOLDER}tcptop.bpf.o`,
  programs: ["datagram_sent", "datagram_received"],
  cgroupPrograms: ["peer_of_send4", "peer_of_send6", "peer_of_receive4", "peer_of_receive6", "udp_released"],
};

/** What it does not: counting in packets (bench/packets.bpf.c). */
export const PACKET_PROGRAMS: ProgramSet = {
  path: `${CHECKOUT}${PACKETS_OBJECT}`,
  programs: [],
  cgroupPrograms: ["packet_leaves", "packet_comes"],
};

/** Compiles bench/packets.bpf.c, linked with tcptop's programs, into an object of its own. */
export function buildPacketPrograms(): void {
  execFileSync("scripts/build-bpf", [PACKETS_OBJECT, "bench/packets.bpf.c"], {
    cwd: CHECKOUT,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

export class AttachedPrograms {
  readonly #object: BpfObject;

  /** @throws TcptopError `unavailable` when one does not load or attach. */
  constructor({ path, programs, cgroupPrograms }: ProgramSet) {
    this.#object = BpfObject.load({
      path,
      programs: [...programs, ...cgroupPrograms],
      readOnlyData: [{ offset: READ_ONLY_DATA.targetEvents, value: 1 << RECORD_KIND.RECORD_OPEN }],
      maxEntries: new Map([["ring", RING_BYTES]]),
    });
    try {
      for (const program of programs) this.#object.attach(program);
      if (cgroupPrograms.length > 0) attachToAllCgroups(this.#object, cgroupPrograms);
    } catch (error) {
      this.#object.close();
      throw error;
    }
  }

  close(): void {
    this.#object.close();
  }
}
