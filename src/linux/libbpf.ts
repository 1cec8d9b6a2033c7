// libbpf.so.1, as far as it is used. Every function is thin: meaning is added in bpf-object.ts.
import { readFileSync } from "node:fs";
import koffi, { type LibraryHandle } from "koffi";

import { TcptopError } from "../model/error.js";
import { type Address, errorText, formatMessage } from "./libc.js";

const LIBRARY = "libbpf.so.1";

/** bpf_iter_attach_opts with the one link info that is used: the map to walk. */
const IterInfo = koffi.struct("tcptop_iter_info", { map_fd: "uint32", reserved: koffi.array("uint32", 7) });
const IterOptions = koffi.struct("tcptop_iter_opts", {
  size: "size_t",
  link_info: koffi.pointer(IterInfo),
  link_info_len: "uint32",
});
const RunOptions = koffi.struct("tcptop_run_opts", {
  size: "size_t",
  data_in: "void *",
  data_out: "void *",
  data_size_in: "uint32",
  data_size_out: "uint32",
  ctx_in: "void *",
  ctx_out: "void *",
  ctx_size_in: "uint32",
  ctx_size_out: "uint32",
  retval: "uint32",
  repeat: "int",
  duration: "uint32",
  flags: "uint32",
  cpu: "uint32",
  batch_size: "uint32",
});

export type Libbpf = ReturnType<typeof bind>;

let bound: Libbpf | undefined;

/** The library, loaded once. Fails with `unavailable`, and the package that brings it. */
export function libbpf(): Libbpf {
  bound ??= bind(load(LIBRARY));
  return bound;
}

/** The library's version, as "1.1". Fails as `libbpf` does. */
export function libbpfVersion(): string {
  return libbpf().versionText().replace(/^v/, "");
}

/** Where the dynamic linker found the library, once it is loaded; null where the kernel does not tell. */
export function libbpfPath(maps: string = readFileSync("/proc/self/maps", "utf8")): string | null {
  return /\s(\/\S*\/libbpf\.so[.\d]*)$/m.exec(maps)?.[1] ?? null;
}

/** Loads a shared library; apart for tests of a host without it. */
export function load(name: string): LibraryHandle {
  try {
    return koffi.load(name);
  } catch (cause) {
    throw new TcptopError(
      "unavailable",
      `${name} is not on this host`,
      "install libbpf: `apt install libbpf1` (Debian 12, Ubuntu 24.04 and later), `dnf install libbpf` (Fedora), `apk add libbpf` (Alpine)",
      { cause, remedy: "package" },
    );
  }
}

function bind(library: LibraryHandle) {
  const pointer = (definition: string) =>
    library.func(definition) as (...args: readonly unknown[]) => Address | null;
  const integer = (definition: string) => library.func(definition) as (...args: readonly unknown[]) => number;
  const nothing = (definition: string) => library.func(definition) as (...args: readonly unknown[]) => void;
  return {
    versionText: library.func("const char *libbpf_version_string()") as () => string,
    openFile: pointer("void *bpf_object__open_file(const char *path, void *opts)"),
    loadObject: integer("int bpf_object__load(void *obj)"),
    closeObject: nothing("void bpf_object__close(void *obj)"),
    findProgram: pointer("void *bpf_object__find_program_by_name(void *obj, const char *name)"),
    nextProgram: pointer("void *bpf_object__next_program(void *obj, void *prog)"),
    programName: library.func("const char *bpf_program__name(void *prog)") as (program: Address) => string,
    programFd: integer("int bpf_program__fd(void *prog)"),
    setAutoload: integer("int bpf_program__set_autoload(void *prog, bool autoload)"),
    findMap: pointer("void *bpf_object__find_map_by_name(void *obj, const char *name)"),
    mapFd: integer("int bpf_map__fd(void *map)"),
    valueSize: integer("uint32_t bpf_map__value_size(void *map)"),
    maxEntries: integer("uint32_t bpf_map__max_entries(void *map)"),
    setMaxEntries: integer("int bpf_map__set_max_entries(void *map, uint32_t max_entries)"),
    mapFlags: integer("uint32_t bpf_map__map_flags(void *map)"),
    setMapFlags: integer("int bpf_map__set_map_flags(void *map, uint32_t flags)"),
    initialValue: pointer("void *bpf_map__initial_value(void *map, _Out_ size_t *size)"),
    attach: pointer("void *bpf_program__attach(void *prog)"),
    attachPerfEvent: pointer("void *bpf_program__attach_perf_event(void *prog, int pfd)"),
    sectionName: library.func("const char *bpf_program__section_name(void *prog)") as (
      program: Address,
    ) => string,
    attachCgroup: pointer("void *bpf_program__attach_cgroup(void *prog, int cgroup_fd)"),
    lookUpAndDelete: integer(
      "int bpf_map_lookup_and_delete_elem(int fd, const void *key, _Out_ void *value)",
    ),
    deleteElement: integer("int bpf_map_delete_elem(int fd, const void *key)"),
    attachIterator: library.func("bpf_program__attach_iter", "void *", [
      "void *",
      koffi.pointer(IterOptions),
    ]) as (program: Address, options: unknown) => Address | null,
    createIterator: integer("int bpf_iter_create(int link_fd)"),
    linkFd: integer("int bpf_link__fd(void *link)"),
    destroyLink: integer("int bpf_link__destroy(void *link)"),
    lookUpElement: integer("int bpf_map_lookup_elem(int fd, const void *key, _Out_ void *value)"),
    updateElement: integer(
      "int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)",
    ),
    nextKey: integer("int bpf_map_get_next_key(int fd, const void *key, _Out_ void *next_key)"),
    possibleCpus: integer("int libbpf_num_possible_cpus()"),
    objectInfo: integer("int bpf_obj_get_info_by_fd(int fd, _Inout_ void *info, _Inout_ uint32_t *length)"),
    enableStatistics: integer("int bpf_enable_stats(int type)"),
    loadKernelBtf: pointer("void *btf__load_vmlinux_btf()"),
    findBtfType: integer("int btf__find_by_name_kind(void *btf, const char *name, uint32_t kind)"),
    btfType: pointer("const void *btf__type_by_id(void *btf, uint32_t id)"),
    btfName: library.func("const char *btf__name_by_offset(void *btf, uint32_t offset)") as (
      btf: Address,
      offset: number,
    ) => string,
    freeBtf: nothing("void btf__free(void *btf)"),
    testRun: library.func("bpf_prog_test_run_opts", "int", [
      "int",
      koffi.inout(koffi.pointer(RunOptions)),
    ]) as (fd: number, options: unknown) => number,
    setPrint: library.func("libbpf_set_print", "void *", [koffi.pointer(PrintCallback)]) as (
      callback: bigint,
    ) => unknown,
  };
}

const PrintCallback = koffi.proto("int tcptop_libbpf_print(int level, void *format, void *args)");

export const ITERATOR_INFO_BYTES = koffi.sizeof(IterInfo);
export const ITERATOR_OPTIONS_BYTES = koffi.sizeof(IterOptions);
export const RUN_OPTIONS_BYTES = koffi.sizeof(RunOptions);

/** What libbpf says while `action` runs: its warnings hold the verifier's log when a program is refused. */
export function withLog<Result>(action: () => Result): { readonly result: Result; readonly log: string } {
  const library = libbpf();
  const lines: string[] = [];
  const print = koffi.register((level: number, format: Address, args: Address) => {
    if (level <= LOG_INFO) lines.push(formatMessage(format, args));
    return 0;
  }, koffi.pointer(PrintCallback));
  const previous = library.setPrint(print);
  try {
    const result = action();
    return { result, log: lines.join("") };
  } finally {
    library.setPrint(previous as bigint);
    koffi.unregister(print);
  }
}

const LOG_INFO = 1;

/** An error number of libbpf's (negative, or positive in errno) with its text. */
export function libbpfError(result: number): { readonly errno: number; readonly text: string } {
  const errno = Math.abs(result);
  return { errno, text: errorText(errno) };
}

export function lastErrno(): number {
  return koffi.errno();
}
