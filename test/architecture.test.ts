import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  eagerCode,
  emptyNames,
  importCycles,
  impurities,
  longFiles,
  strayExits,
  strayNativeCalls,
  unknownFolders,
  wrongDirections,
} from "./architecture/rules.js";

const root = fileURLToPath(new URL("..", import.meta.url));

function pathsUnder(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? pathsUnder(path) : [path];
  });
}

describe("src/", () => {
  const paths = pathsUnder("src").filter((path) => path.endsWith(".ts"));
  const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));

  test("was found", () => {
    expect(sources.size).toBeGreaterThan(0);
    expect(sources.keys()).toContain("src/cli/main.ts");
  });

  test("has the known folders only", () => {
    expect(unknownFolders(sources)).toEqual([]);
  });

  test("imports go one way along the data", () => {
    expect(wrongDirections(sources)).toEqual([]);
  });

  test("imports have no circles", () => {
    expect(importCycles(sources)).toEqual([]);
  });

  test("model, engine, view, and tui but for the terminal, are pure", () => {
    expect(impurities(sources)).toEqual([]);
  });

  test("only src/linux calls native code", () => {
    expect(strayNativeCalls(sources)).toEqual([]);
  });

  test("only src/cli ends the process", () => {
    expect(strayExits(sources)).toEqual([]);
  });

  test("nothing that only Linux has, or only the live view needs, loads before it is asked for", () => {
    for (const entry of ["src/cli/main.ts", "src/cli/run.ts"]) {
      expect(sources.keys()).toContain(entry);
      expect(eagerCode(sources, entry)).toEqual([]);
    }
  });

  test("files are short", () => {
    expect(longFiles(sources)).toEqual([]);
  });
});

test("every name says what is in the file", () => {
  const folders = ["src", "test", "scripts", "bench", "bpf", "docs"];
  expect(emptyNames(folders.flatMap(pathsUnder))).toEqual([]);
});
