import type { BpfObject, ReadOnlyValue } from "../../linux/bpf-object.js";
import type { Feature } from "../../linux/features.js";
import type { Suspect } from "../../model/connection.js";
import type { TcptopError } from "../../model/error.js";
import type { Rung } from "../../model/rung.js";
import type { ConnectionKey } from "../../model/sample.js";

/** An iterator program, with the map that it walks if it walks one. */
export interface IteratorPlan {
  readonly program: string;
  readonly map?: string;
}

/** Where among the programs' variables stands how many peers of UDP sockets there have been; null where nobody counts. */
export interface FlowsPlan extends IteratorPlan {
  readonly madeAt: number | null;
}

/** What makes one way to collect with eBPF out of the collector that they share. */
export interface RungPlan {
  readonly rung: Rung;
  /** The object file that has the programs, in the folder of compiled programs. */
  readonly objectFile: string;
  /** Attached by what their sections say, in this order, before the first walk. */
  readonly programs: readonly string[];
  /**
   * Programs that tell each call on a TCP socket, attached only where somebody asks for that; null where the rung has none.
   * @throws TcptopError `unavailable` when this kernel's functions are not known.
   */
  readonly callPrograms: (() => readonly string[]) | null;
  /** Attached to the root of cgroup v2. */
  readonly cgroupPrograms: readonly string[];
  /** Loaded with the others, for `prepare` to attach. */
  readonly preparedPrograms?: readonly string[];
  /** Called once, after the programs are attached, before the first walk. */
  readonly prepare?: (object: BpfObject) => void;
  /** Of the object's read-only data what differs from what was compiled. */
  readonly readOnlyData?: readonly ReadOnlyValue[];
  /** Sizes of maps, where they differ from what was compiled. */
  readonly maxEntries?: ReadonlyMap<string, number>;
  /** Maps whose entries are to be allocated when they are made, not all at load. */
  readonly growingMaps?: readonly string[];
  readonly iterators: {
    /** Makes older sockets known, once for each network namespace; writes nothing out. */
    readonly adopt: IteratorPlan;
    readonly held: IteratorPlan;
    readonly others: IteratorPlan;
    /** null where datagrams are not counted. */
    readonly flows: FlowsPlan | null;
  };
  /** Whether the programs count what UDP sockets move, or only show that they are there. */
  readonly countsDatagrams: boolean;
  /** What the kernel must have: why a load failed. */
  readonly features: readonly Feature[];
  /** Says in the rung's words why the kernel refused one of its programs, where it can; else the same error. */
  readonly explainRefusal?: (error: TcptopError) => TcptopError;
  /** What this host does not let it collect, in a line each: said once at the start. */
  readonly shortcomings: () => readonly string[];
  /** State changes that the programs were not run for, since load. */
  readonly missedEvents: (object: BpfObject) => number;
  /** Which of the suspects the kernel does not have any more. */
  readonly findGone: (suspects: readonly Suspect[]) => readonly ConnectionKey[];
}
