import { builtinModules } from "node:module";
import { posix } from "node:path";
import { codeOnly, type Import, importsOf } from "./imports.js";

/** Source files by path from the project's root, for example "src/engine/rates.ts". */
export type Sources = ReadonlyMap<string, string>;

/** Which folders of src/ a folder may import from, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: [],
  engine: ["model"],
  view: ["model", "engine"],
  linux: ["model"],
  collect: ["model", "linux"],
  selftest: ["model", "linux"],
  recording: ["model", "collect"],
  output: ["model", "view"],
  tui: ["model", "view"],
  cli: ["model", "engine", "view", "linux", "collect", "recording", "output", "tui", "selftest"],
};

const PURE = ["model", "engine", "view", "tui"];
/** Where the terminal itself is: the one place of src/tui that is not pure. */
const TERMINAL = "src/tui/terminal/";
const LAZY = ["linux", "tui"];
const MAX_LINES = 350;
const EMPTY_NAMES = /(?:^|[-./])(?:utils?|helpers?|common|misc|managers?)(?=[-./]|$)/;
const CLOCK_OR_IO =
  /\b(?:Date\.now|new Date\(\)|performance\.|process\.|set(?:Timeout|Interval|Immediate)\(|Math\.random)/;

function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function isNodeModule(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

/** The path of the source file that a relative specifier names, or null for a package. */
function targetOf(path: string, specifier: string | null): string | null {
  if (specifier === null || !specifier.startsWith(".")) return null;
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
}

function forEachImport(sources: Sources, visit: (path: string, found: Import) => void): void {
  for (const [path, source] of sources) {
    for (const found of importsOf(source)) visit(path, found);
  }
}

/** Imports against the direction of the data, of files that are not there, or that can't be read off the source. */
export function wrongDirections(sources: Sources): readonly string[] {
  const wrong: string[] = [];
  forEachImport(sources, (path, { specifier }) => {
    if (specifier === null) wrong.push(`${path}: an import() of something computed`);
    const target = targetOf(path, specifier);
    if (target === null) return;
    if (!sources.has(target)) {
      wrong.push(`${path}: imports ${target}, which is not there`);
      return;
    }
    const from = folderOf(path);
    const to = folderOf(target);
    if (from !== to && !(ALLOWED[from] ?? []).includes(to)) {
      wrong.push(`${path}: ${from} must not import ${to} (${target})`);
    }
  });
  return wrong;
}

/** Files outside of the known folders. */
export function unknownFolders(sources: Sources): readonly string[] {
  return [...sources.keys()].filter((path) => path.split("/").length < 3 || !(folderOf(path) in ALLOWED));
}

/** Imports of koffi, the way to native code, from anywhere but src/linux. */
export function strayNativeCalls(sources: Sources): readonly string[] {
  const stray: string[] = [];
  forEachImport(sources, (path, { specifier }) => {
    if (specifier === "koffi" && folderOf(path) !== "linux") stray.push(`${path}: imports koffi`);
  });
  return stray;
}

/** Clock, chance, process and Node's modules in the folders that are pure. */
export function impurities(sources: Sources): readonly string[] {
  const impure: string[] = [];
  for (const [path, source] of sources) {
    if (!PURE.includes(folderOf(path)) || path.startsWith(TERMINAL)) continue;
    for (const { specifier } of importsOf(source)) {
      if (specifier !== null && isNodeModule(specifier)) impure.push(`${path}: imports ${specifier}`);
    }
    const use = CLOCK_OR_IO.exec(codeOnly(source));
    if (use !== null) impure.push(`${path}: uses ${use[0]}`);
  }
  return impure;
}

/** process.exit() outside of src/cli. */
export function strayExits(sources: Sources): readonly string[] {
  return [...sources]
    .filter(([path, source]) => folderOf(path) !== "cli" && /\bprocess\.exit\(/.test(codeOnly(source)))
    .map(([path]) => `${path}: only src/cli ends the process`);
}

/** Circles of imports between files, each once, as "a.ts -> b.ts -> a.ts". */
export function importCycles(sources: Sources): readonly string[] {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];

  function visit(path: string): void {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(" -> "));
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    const targets = importsOf(sources.get(path) ?? "").map(({ specifier }) => targetOf(path, specifier));
    for (const target of new Set(targets)) {
      if (target !== null && sources.has(target)) visit(target);
    }
    trail.pop();
    finished.add(path);
  }

  for (const path of sources.keys()) visit(path);
  return cycles;
}

/**
 * Ways in which code loads together with `entry` that has to wait for an import(), since only Linux has it or only the
 * live view needs it: each as the chain of static imports that ends in src/linux, in src/tui or in koffi.
 */
export function eagerCode(sources: Sources, entry: string): readonly string[] {
  const chains: string[] = [];
  const seen = new Set<string>();

  function visit(path: string, chain: readonly string[]): void {
    if (seen.has(path)) return;
    seen.add(path);
    if (LAZY.includes(folderOf(path))) {
      chains.push(chain.join(" -> "));
      return;
    }
    for (const { specifier, kind } of importsOf(sources.get(path) ?? "")) {
      if (kind !== "static") continue;
      if (specifier === "koffi") chains.push([...chain, "koffi"].join(" -> "));
      const target = targetOf(path, specifier);
      if (target !== null) visit(target, [...chain, target]);
    }
  }

  visit(entry, [entry]);
  return chains;
}

/** Files longer than a file with one purpose gets; generated ones aside. */
export function longFiles(sources: Sources): readonly string[] {
  return [...sources]
    .filter(([path]) => !path.endsWith(".gen.ts"))
    .map(([path, source]) => ({ path, lines: source.split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

/** Files and folders whose name says nothing about what is in them. */
export function emptyNames(paths: Iterable<string>): readonly string[] {
  return [...paths].filter((path) => EMPTY_NAMES.test(path));
}
