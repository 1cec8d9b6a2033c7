import koffi from "koffi";

import { TcptopError } from "../model/error.js";
import {
  ITERATOR_INFO_BYTES,
  ITERATOR_OPTIONS_BYTES,
  lastErrno,
  libbpf,
  libbpfError,
  RUN_OPTIONS_BYTES,
  withLog,
} from "./libbpf.js";
import { type Address, SystemCallError } from "./libc.js";
import { type RecordMemory, readU64, recordMemory } from "./record-memory.js";
import { explainRefusedBpf, explainRefusedCall, explainRefusedReading, requireBpf } from "./refused-bpf.js";
import { ReturnProbes } from "./return-probes.js";
import { summariseLoadLog } from "./verifier-log.js";

const EPERM = 1;
const SEE_DEBUG = "`--debug` shows all that libbpf and the verifier said";
/** include/uapi/linux/bpf.h */
const BPF_F_NO_PREALLOC = 1;
const RETURN_PROBE = "kretprobe/";

/** What the kernel did not take: the cause of the TcptopError that says so. */
export class BpfRefusal extends Error {
  override readonly name = "BpfRefusal";
  /** null where it was a map, or nothing in particular. */
  readonly program: string | null;
  readonly errno: number;

  constructor(program: string | null, errno: number) {
    super(`${program ?? "the BPF object"}: ${libbpfError(errno).text}`);
    this.program = program;
    this.errno = errno;
  }
}

export interface BpfObjectOptions {
  /** Path of the object file. */
  readonly path: string;
  /** The programs to load; the others in the file are left out. */
  readonly programs: readonly string[];
  /** Read-only data to set before load: the verifier then drops the branches that it makes dead. */
  readonly readOnlyData?: readonly ReadOnlyValue[];
  /** Sizes of maps, where they differ from the file's. */
  readonly maxEntries?: ReadonlyMap<string, number>;
  /** Maps whose entries are to be allocated when they are made, not all at load. */
  readonly growingMaps?: readonly string[];
}

export interface ReadOnlyValue {
  readonly offset: number;
  readonly value: number;
}

/** An iterator that can be started again and again: the link keeps its program attached. */
export interface Iterator {
  /** A fresh file descriptor that walks once, in the calling thread's network namespace. The caller closes it. */
  open(): number;
}

/**
 * Programs and maps of one object file, in the kernel. Whoever opens it closes it: links first, then programs and maps,
 * in reverse order; closing twice does nothing.
 */
export class BpfObject {
  readonly #object: Address;
  readonly #links: Address[] = [];
  readonly #returnProbes = new ReturnProbes();
  #variables: RecordMemory | null = null;
  #closed = false;

  /** @throws TcptopError `unavailable` when the kernel or the host refuses, with the verifier's log as detail. */
  static load(options: BpfObjectOptions): BpfObject {
    requireBpf();
    const { result, log } = withLog(() => openAndLoad(options));
    if (typeof result === "bigint") return new BpfObject(result);
    throw loadError(options.path, result.errno, log);
  }

  private constructor(object: Address) {
    this.#object = object;
  }

  /** Attaches a program by what its section says; one for a function's return with room for many calls at a time. */
  attach(name: string): void {
    const program = this.#program(name);
    const section = libbpf().sectionName(program);
    const perfEvent = section.startsWith(RETURN_PROBE) ? this.#probeReturn(section) : null;
    this.#keepLink(name, () =>
      perfEvent === null ? libbpf().attach(program) : libbpf().attachPerfEvent(program, perfEvent),
    );
  }

  /** Attaches a program to a cgroup (v2) and all below it. */
  attachToCgroup(program: string, cgroupFd: number): void {
    this.#keepLink(program, () => libbpf().attachCgroup(this.#program(program), cgroupFd));
  }

  /** Attaches an iterator program; `map` names the map to walk, for those that walk one. */
  attachIterator(program: string, map?: string): Iterator {
    const options = map === undefined ? null : iteratorOptions(this.mapFd(map));
    const link = this.#keepLink(program, () => libbpf().attachIterator(this.#program(program), options));
    const linkFd = libbpf().linkFd(link);
    return {
      open: () => {
        this.#requireOpen();
        const fd = libbpf().createIterator(linkFd);
        if (fd < 0) throw new SystemCallError(`bpf_iter_create(${program})`, fd);
        return fd;
      },
    };
  }

  mapFd(name: string): number {
    this.#requireOpen();
    return libbpf().mapFd(findMap(this.#object, name));
  }

  /** The size that a map was made with, which may be more than was asked for. */
  maxEntries(name: string): number {
    this.#requireOpen();
    return libbpf().maxEntries(findMap(this.#object, name));
  }

  /** A 64-bit variable of the programs, by its offset among them (`VARIABLES`). */
  readVariable(offset: number): number {
    this.#requireOpen();
    const map = findMap(this.#object, ".bss");
    this.#variables ??= recordMemory(new ArrayBuffer(libbpf().valueSize(map)));
    const { bytes, view } = this.#variables;
    if (libbpf().lookUpElement(libbpf().mapFd(map), FIRST_KEY, bytes) !== 0)
      throw new SystemCallError("bpf_map_lookup_elem", lastErrno());
    return readU64(view, offset);
  }

  /** Times that the kernel skipped a program since load (it was running on that CPU already); from 5.12. */
  skippedRuns(program: string): number {
    return Number(programInfo(this.#program(program)).readBigUInt64LE(RECURSION_MISSES_AT));
  }

  /** For how long all of its programs have run, in ns, while the kernel took the time: see `RunTimeStatistics`. */
  runTimeNs(): number {
    this.#requireOpen();
    let sumNs = 0n;
    for (
      let program = libbpf().nextProgram(this.#object, null);
      program !== null;
      program = libbpf().nextProgram(this.#object, program)
    ) {
      if (libbpf().programFd(program) >= 0) sumNs += programInfo(program).readBigUInt64LE(RUN_TIME_AT);
    }
    return Number(sumNs);
  }

  /** Runs a `syscall` program once with `context` as its argument, and returns what it returned. */
  run(program: string, context: Buffer): number {
    const options = { size: RUN_OPTIONS_BYTES, ctx_in: context, ctx_size_in: context.length, retval: 0 };
    const result = libbpf().testRun(libbpf().programFd(this.#program(program)), options);
    if (result !== 0) throw new SystemCallError(`BPF_PROG_TEST_RUN(${program})`, result);
    return options.retval;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const link of this.#links.reverse()) libbpf().destroyLink(link);
    this.#returnProbes.close();
    libbpf().closeObject(this.#object);
  }

  /** What libbpf freed must not be given to it again, nor a descriptor that it closed. */
  #requireOpen(): void {
    if (this.#closed) throw new TcptopError("failed", "the BPF programs are unloaded", "");
  }

  /** Null where that is not allowed: libbpf's own way then is, or says why it isn't. */
  #probeReturn(section: string): number | null {
    try {
      return this.#returnProbes.open(section.slice(RETURN_PROBE.length));
    } catch {
      return null;
    }
  }

  #program(name: string): Address {
    this.#requireOpen();
    const program = libbpf().findProgram(this.#object, name);
    if (program === null) throw new TypeError(`the BPF object has no program ${name}`);
    return program;
  }

  #keepLink(program: string, attach: () => Address | null): Address {
    const { result, log } = withLog(() => attach() ?? libbpfError(lastErrno()));
    if (typeof result !== "bigint") {
      const cause = new BpfRefusal(program, result.errno);
      if (result.errno === EPERM) throw explainRefusedBpf(log, undefined, cause);
      throw new TcptopError("unavailable", `${program} does not attach: ${result.text}`, SEE_DEBUG, {
        cause,
        detail: log,
      });
    }
    this.#links.push(result);
    return result;
  }
}

const FIRST_KEY = new Uint8Array(4);

/** struct bpf_prog_info (include/uapi/linux/bpf.h): where `run_time_ns` and `recursion_misses` stand, and the size up to its end. */
const RUN_TIME_AT = 192;
const RECURSION_MISSES_AT = 208;
const PROGRAM_INFO_BYTES = 216;

function programInfo(program: Address): Buffer {
  const info = Buffer.alloc(PROGRAM_INFO_BYTES);
  const result = libbpf().objectInfo(libbpf().programFd(program), info, [info.length]);
  if (result !== 0) throw new SystemCallError("bpf_obj_get_info_by_fd", result);
  return info;
}

interface LoadFailure {
  readonly errno: number;
}

function openAndLoad(options: BpfObjectOptions): Address | LoadFailure {
  const object = libbpf().openFile(options.path, null);
  if (object === null) return { errno: lastErrno() };
  let result = 0;
  try {
    prepare(object, options);
    result = libbpf().loadObject(object);
  } catch (error) {
    libbpf().closeObject(object);
    throw error;
  }
  if (result === 0) return object;
  libbpf().closeObject(object);
  return { errno: Math.abs(result) };
}

function prepare(object: Address, options: BpfObjectOptions): void {
  const wanted = new Set(options.programs);
  for (
    let program = libbpf().nextProgram(object, null);
    program !== null;
    program = libbpf().nextProgram(object, program)
  ) {
    libbpf().setAutoload(program, wanted.has(libbpf().programName(program)));
  }
  for (const [map, entries] of options.maxEntries ?? [])
    libbpf().setMaxEntries(findMap(object, map), entries);
  for (const name of options.growingMaps ?? []) {
    const map = findMap(object, name);
    libbpf().setMapFlags(map, libbpf().mapFlags(map) | BPF_F_NO_PREALLOC);
  }
  writeReadOnlyData(object, options.readOnlyData ?? []);
}

function writeReadOnlyData(object: Address, values: readonly ReadOnlyValue[]): void {
  if (values.length === 0) return;
  const size = [0];
  const address = libbpf().initialValue(findMap(object, ".rodata"), size);
  if (address === null) throw new TypeError("the BPF object has no read-only data");
  const data = new DataView(koffi.view(address, size[0] ?? 0));
  for (const { offset, value } of values) data.setUint32(offset, value, true);
}

function findMap(object: Address, name: string): Address {
  const map = libbpf().findMap(object, name);
  if (map === null) throw new TypeError(`the BPF object has no map ${name}`);
  return map;
}

function iteratorOptions(mapFd: number): unknown {
  return {
    size: ITERATOR_OPTIONS_BYTES,
    link_info: { map_fd: mapFd, reserved: [0, 0, 0, 0, 0, 0, 0] },
    link_info_len: ITERATOR_INFO_BYTES,
  };
}

function loadError(path: string, errno: number, log: string): TcptopError {
  const { program, reason } = summariseLoadLog(log);
  const cause = new BpfRefusal(program, errno);
  if (errno === EPERM) return explainRefusedBpf(log, undefined, cause);
  const refused = explainRefusedReading(log) ?? explainRefusedCall(program, errno, log);
  if (refused !== null) return refused;
  const what = program === null ? `${path} does not load` : `the BPF program ${program} does not load`;
  const why = reason === "" ? libbpfError(errno).text : `${libbpfError(errno).text} (${reason})`;
  return new TcptopError("unavailable", `${what}: ${why}`, SEE_DEBUG, { cause, detail: log });
}
