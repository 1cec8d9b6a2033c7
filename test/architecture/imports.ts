/** One reference from a source file to another module. */
export interface Import {
  /** The specifier as written, for example "./rates.js", "node:fs" or "koffi"; null when it is computed. */
  readonly specifier: string | null;
  /** `type` is erased by the compiler, `static` loads with the file, `dynamic` when its line is reached. */
  readonly kind: "type" | "static" | "dynamic";
}

const STRINGS_AND_COMMENTS =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The source with its comments blanked out, line breaks kept. */
export function withoutComments(source: string): string {
  return source.replace(STRINGS_AND_COMMENTS, (part) =>
    part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part,
  );
}

/**
 * The source with the text of its plain strings blanked out as well: what is left is code.
 * Templates stay, because code is in them.
 */
export function codeOnly(source: string): string {
  return source.replace(STRINGS_AND_COMMENTS, (part) =>
    part.startsWith("`") ? part : part.replace(/[^\n"']/g, " "),
  );
}

/**
 * All imports and re-exports of a TypeScript source, in the order of their kinds: statements, `import()`,
 * and `new URL("./file.js", import.meta.url)`, by which workers are started.
 */
export function importsOf(source: string): readonly Import[] {
  const code = withoutComments(source);
  const found: Import[] = [];
  const fromClause =
    /^[ \t]*(?:import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?[^;"']*?\bfrom\s*["']([^"']+)["']/gm;
  for (const [, typeOnly, specifier = ""] of code.matchAll(fromClause)) {
    found.push({ specifier, kind: typeOnly === undefined ? "static" : "type" });
  }
  for (const [, specifier = ""] of code.matchAll(/^[ \t]*import\s*["']([^"']+)["']/gm)) {
    found.push({ specifier, kind: "static" });
  }
  for (const [, specifier] of code.matchAll(/\bimport\s*\(\s*(?:["'`]([^"'`$]+)["'`])?/g)) {
    found.push({ specifier: specifier ?? null, kind: "dynamic" });
  }
  for (const [, specifier = ""] of code.matchAll(/\bnew URL\(\s*["'](\.[^"']+\.js)["']/g)) {
    found.push({ specifier, kind: "dynamic" });
  }
  return found;
}
