import { BPF_OBJECT_PATH } from "../src/cli/package-files.js";
import { BpfObject } from "../src/linux/bpf-object.js";
import { READ_ONLY_DATA, RECORD_KIND } from "../src/linux/records.gen.js";

const PROGRAMS = ["tcp_state_changed", "tcp_destroyed"] as const;
/** Room for what one slot brings, so that the programs do what they do while the ring is read. */
const RING_BYTES = 64 * 1024 * 1024;

/** The collector's tracepoint programs as it loads them, and nobody who reads what they report. */
export class AttachedPrograms {
  readonly #object: BpfObject;

  constructor() {
    this.#object = BpfObject.load({
      path: BPF_OBJECT_PATH,
      programs: PROGRAMS,
      readOnlyData: [{ offset: READ_ONLY_DATA.targetEvents, value: 1 << RECORD_KIND.RECORD_OPEN }],
      maxEntries: new Map([["ring", RING_BYTES]]),
    });
    for (const program of PROGRAMS) this.#object.attach(program);
  }

  close(): void {
    this.#object.close();
  }
}
