import { describe, expect, test } from "vitest";
import { importsOf } from "./imports.js";
import {
  eagerCode,
  emptyNames,
  importCycles,
  impurities,
  longFiles,
  type Sources,
  strayExits,
  strayNativeCalls,
  unknownFolders,
  wrongDirections,
} from "./rules.js";

function sources(files: Record<string, string>): Sources {
  return new Map(Object.entries(files));
}

describe("importsOf", () => {
  const statements: [string, ReturnType<typeof importsOf>][] = [
    ['import { a } from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ["import a from './a.js'", [{ specifier: "./a.js", kind: "static" }]],
    ['import {\n  a,\n  b,\n} from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['import "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['export * from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['export { a } from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['import type { A } from "./a.js";', [{ specifier: "./a.js", kind: "type" }]],
    ['export type { A } from "./a.js";', [{ specifier: "./a.js", kind: "type" }]],
    // With verbatimModuleSyntax this one stays as `import {} from "./a.js"` and loads the file.
    ['import { type A } from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['import type from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['const a = await import("./a.js");', [{ specifier: "./a.js", kind: "dynamic" }]],
    ["const a = await import(name);", [{ specifier: null, kind: "dynamic" }]],
    ['new Worker(new URL("./a.js", import.meta.url));', [{ specifier: "./a.js", kind: "dynamic" }]],
    ['export type B = "b";\nimport { a } from "./a.js";', [{ specifier: "./a.js", kind: "static" }]],
    ['// import "./a.js";', []],
    ['/*\nimport "./a.js";\n*/', []],
    ['const glob = "/*";\nimport { a } from "./a.js"; /* end */', [{ specifier: "./a.js", kind: "static" }]],
    ["const meta = import.meta.url;", []],
  ];
  test.each(statements)("%s", (source, expected) => {
    expect(importsOf(source)).toEqual(expected);
  });
});

describe("wrongDirections", () => {
  test.each([
    ["src/model/a.ts", "../engine/b.js", "src/engine/b.ts"],
    ["src/engine/a.ts", "../view/b.js", "src/view/b.ts"],
    ["src/engine/a.ts", "../linux/b.js", "src/linux/b.ts"],
    ["src/linux/a.ts", "../collect/b.js", "src/collect/b.ts"],
    ["src/collect/a.ts", "../engine/b.js", "src/engine/b.ts"],
    ["src/recording/a.ts", "../output/b.js", "src/output/b.ts"],
    ["src/output/a.ts", "../linux/b.js", "src/linux/b.ts"],
    ["src/tui/a.ts", "../output/b.js", "src/output/b.ts"],
    ["src/view/deeper/a.ts", "../../cli/b.js", "src/cli/b.ts"],
  ])("%s must not import %s", (path, specifier, target) => {
    for (const statement of [
      `import { b } from "${specifier}";`,
      `import type { B } from "${specifier}";`,
      `await import("${specifier}");`,
    ]) {
      const found = wrongDirections(sources({ [path]: statement, [target]: "" }));
      expect(found).toHaveLength(1);
      expect(found[0]).toContain(target);
    }
  });

  test("along the data is fine", () => {
    const found = wrongDirections(
      sources({
        "src/model/a.ts": "",
        "src/engine/b.ts": 'import { a } from "../model/a.js";\nimport { c } from "./c.js";',
        "src/engine/c.ts": "",
        "src/cli/main.ts": 'import { b } from "../engine/b.js";\nimport { Command } from "commander";',
      }),
    );
    expect(found).toEqual([]);
  });

  test("what can't be followed is a violation", () => {
    expect(wrongDirections(sources({ "src/cli/a.ts": "await import(name);" }))).toHaveLength(1);
    expect(wrongDirections(sources({ "src/cli/a.ts": 'import "./gone.js";' }))).toHaveLength(1);
    expect(wrongDirections(sources({ "src/cli/a.ts": 'import "../../test/b.js";' }))).toHaveLength(1);
  });
});

test("unknownFolders finds files beside the known folders", () => {
  const found = unknownFolders(sources({ "src/main.ts": "", "src/net/a.ts": "", "src/view/a.ts": "" }));
  expect(found).toEqual(["src/main.ts", "src/net/a.ts"]);
});

test("strayNativeCalls finds koffi outside of src/linux", () => {
  const statement = 'import koffi from "koffi";';
  const found = strayNativeCalls(sources({ "src/linux/a.ts": statement, "src/collect/b.ts": statement }));
  expect(found).toEqual(["src/collect/b.ts: imports koffi"]);
});

describe("impurities", () => {
  test.each([
    'import { readFileSync } from "node:fs";',
    'import type { Stats } from "fs";',
    "export const now = () => Date.now();",
    "export const now = () => new Date();",
    "export const id = () => Math.random();",
    "if (process.env.DEBUG) throw new Error();",
    "setTimeout(() => {}, 1);",
  ])("%s", (source) => {
    for (const folder of ["model", "engine", "view", "tui", "tui/screen"]) {
      expect(impurities(sources({ [`src/${folder}/a.ts`]: source }))).toHaveLength(1);
    }
    for (const folder of ["cli", "tui/terminal"]) {
      expect(impurities(sources({ [`src/${folder}/a.ts`]: source }))).toEqual([]);
    }
  });

  test("words in comments and strings, and a time that was given, are fine", () => {
    const source = '// not Date.now()\nexport const text = "process.exit";\nnew Date(timeMs).toISOString();';
    expect(impurities(sources({ "src/model/a.ts": source }))).toEqual([]);
  });
});

test("strayExits finds process.exit() outside of src/cli", () => {
  const found = strayExits(
    sources({ "src/cli/a.ts": "process.exit(1);", "src/tui/b.ts": "process.exit(1);" }),
  );
  expect(found).toEqual(["src/tui/b.ts: only src/cli ends the process"]);
});

describe("importCycles", () => {
  test("finds circles, also of types and of a file with itself", () => {
    const found = importCycles(
      sources({
        "src/view/a.ts": 'import { b } from "./b.js";',
        "src/view/b.ts": 'import { c } from "./c.js";',
        "src/view/c.ts": 'import type { A } from "./a.js";',
        "src/view/self.ts": 'import "./self.js";',
      }),
    );
    expect(found).toEqual([
      "src/view/a.ts -> src/view/b.ts -> src/view/c.ts -> src/view/a.ts",
      "src/view/self.ts -> src/view/self.ts",
    ]);
  });

  test("two ways to one file are no circle", () => {
    const found = importCycles(
      sources({
        "src/view/a.ts": 'import "./b.js";\nimport "./c.js";',
        "src/view/b.ts": 'import "./c.js";',
        "src/view/c.ts": "",
      }),
    );
    expect(found).toEqual([]);
  });
});

describe("eagerCode", () => {
  const files = {
    "src/cli/top.ts": 'import { open } from "../collect/ebpf.js";',
    "src/collect/ebpf.ts": 'import { load } from "../linux/bpf.js";',
    "src/linux/bpf.ts": 'import koffi from "koffi";',
  };

  test("finds a chain of static imports", () => {
    const entry = { "src/cli/main.ts": 'import { top } from "./top.js";' };
    expect(eagerCode(sources({ ...files, ...entry }), "src/cli/main.ts")).toEqual([
      "src/cli/main.ts -> src/cli/top.ts -> src/collect/ebpf.ts -> src/linux/bpf.ts",
    ]);
  });

  test("finds koffi itself", () => {
    const found = eagerCode(sources({ "src/cli/main.ts": 'import koffi from "koffi";' }), "src/cli/main.ts");
    expect(found).toEqual(["src/cli/main.ts -> koffi"]);
  });

  test("finds the live view", () => {
    const found = eagerCode(
      sources({ "src/cli/main.ts": 'import "../tui/live.js";', "src/tui/live.ts": "" }),
      "src/cli/main.ts",
    );
    expect(found).toEqual(["src/cli/main.ts -> src/tui/live.ts"]);
  });

  test("an import() and a type wait", () => {
    const entry = {
      "src/cli/main.ts": 'import type { Bpf } from "../linux/bpf.js";\nawait import("./top.js");',
    };
    expect(eagerCode(sources({ ...files, ...entry }), "src/cli/main.ts")).toEqual([]);
  });
});

test("longFiles finds files over 350 lines, generated ones aside", () => {
  const found = longFiles(
    sources({
      "src/cli/fits.ts": "\n".repeat(350),
      "src/cli/long.ts": "\n".repeat(351),
      "src/linux/records.gen.ts": "\n".repeat(999),
    }),
  );
  expect(found).toEqual(["src/cli/long.ts: 351 lines"]);
});

test("emptyNames finds names that say nothing", () => {
  const empty = ["src/utils.ts", "src/cli/string-helpers.ts", "src/common/a.ts", "src/linux/manager.ts"];
  const telling = ["src/model/units.ts", "src/cli/command-line.ts", "src/view/commonality.ts"];
  expect(emptyNames([...empty, ...telling])).toEqual(empty);
});
