import { join } from "node:path";

import { BpfObject } from "../../linux/bpf-object.js";
import { READ_ONLY_DATA, RECORD_KIND } from "../../linux/records.gen.js";
import { TcptopError } from "../../model/error.js";
import { explainLoadFailure } from "./explain-failure.js";
import type { RungPlan } from "./rung-plan.js";

/** 40,000 records: what a busy host closes in 100 ms, and what a burst closes while a frame is made. */
const RING_BYTES = 8 * 1024 * 1024;

export interface LoadOptions {
  /** The folder of compiled programs. */
  readonly objectFolder: string;
  /** Size of the ring in bytes; libbpf rounds it up to a power of two, at least a page. */
  readonly ringBytes?: number;
  /** Further programs of the object to load, for tests. */
  readonly extraPrograms?: readonly string[];
}

/**
 * Loads a plan's programs, and no others of its object.
 * @throws TcptopError `unavailable` when the kernel does not take them, with the feature that it lacks where that is why.
 */
export function loadPlan(plan: RungPlan, options: LoadOptions): BpfObject {
  try {
    return BpfObject.load({
      path: join(options.objectFolder, plan.objectFile),
      programs: [...programsOf(plan), ...(options.extraPrograms ?? [])],
      readOnlyData: [
        { offset: READ_ONLY_DATA.targetEvents, value: 1 << RECORD_KIND.RECORD_OPEN },
        ...(plan.readOnlyData ?? []),
      ],
      growingMaps: plan.growingMaps ?? [],
      maxEntries: new Map([...(plan.maxEntries ?? []), ["ring", options.ringBytes ?? RING_BYTES]]),
    });
  } catch (error) {
    throw error instanceof TcptopError ? explainRefusal(error, plan) : error;
  }
}

/** Why the kernel refused a program of the plan, to load or to attach: a feature that it lacks, or the rung's own reason. */
export function explainRefusal(error: TcptopError, plan: RungPlan): TcptopError {
  const explained = explainLoadFailure(error, plan.features);
  return explained === error ? (plan.explainRefusal?.(error) ?? error) : explained;
}

function programsOf({
  programs,
  cgroupPrograms,
  preparedPrograms = [],
  iterators,
}: RungPlan): readonly string[] {
  const { adopt, held, others, flows } = iterators;
  const walks = [adopt, held, others, flows].flatMap((iterator) => iterator?.program ?? []);
  return [...programs, ...cgroupPrograms, ...preparedPrograms, ...walks];
}
