// Writes src/linux/records.gen.ts: a decoder for each structure that the BPF object's `record_layouts`
// names, from the object's own BTF, so that the kernel side and this one cannot drift apart.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const OBJECT = "bpf/tcptop-kprobe.bpf.o";
/** Compiled with the same layouts; it has less read-only data, in the same places. */
const OTHER_OBJECT = "bpf/tcptop.bpf.o";
const OUTPUT = "src/linux/records.gen.ts";
/** The only layouts that are identities rather than quantities. */
const EXACT_TYPEDEF = "socket_cookie";

interface BtfMember {
  readonly name: string;
  readonly type_id: number;
  readonly bits_offset: number;
}

interface BtfVariable {
  readonly name: string;
  readonly type_id: number;
  readonly offset: number;
}

interface BtfType {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly type_id?: number;
  readonly nr_elems?: number;
  readonly encoding?: string;
  readonly members?: readonly BtfMember[];
  readonly vars?: readonly BtfVariable[];
  readonly values?: readonly { readonly name: string; readonly val: number }[];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly read: string;
  readonly imports: readonly string[];
}

const TYPES: ReadonlyMap<number, BtfType> = readBtf(OBJECT);

function readBtf(object: string): ReadonlyMap<number, BtfType> {
  const json = execFileSync("bpftool", ["btf", "dump", "-j", "file", object], { encoding: "utf8" });
  const parsed = JSON.parse(json) as { readonly types: readonly BtfType[] };
  return new Map(parsed.types.map((type) => [type.id, type]));
}

function typeOf(id: number | undefined): BtfType {
  const type = TYPES.get(id ?? 0);
  if (type === undefined) throw new Error(`${OBJECT}: BTF has no type ${id ?? 0}`);
  return type;
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(name: string): string {
  const inner = camel(name);
  return inner.charAt(0).toUpperCase() + inner.slice(1);
}

/** The type under typedefs, and whether one of them marks an identity. */
function resolve(id: number): { readonly type: BtfType; readonly exact: boolean } {
  let type = typeOf(id);
  let exact = false;
  while (type.kind === "TYPEDEF" || type.kind === "VOLATILE" || type.kind === "CONST") {
    exact ||= type.name === EXACT_TYPEDEF;
    type = typeOf(type.type_id);
  }
  return { type, exact };
}

function field(member: BtfMember): Field {
  const at = `this.at + ${member.bits_offset / 8}`;
  const name = camel(member.name);
  const { type, exact } = resolve(member.type_id);
  if (type.kind === "INT") return integerField(name, at, type, exact);
  if (type.kind === "ARRAY") return arrayField(name, at, type);
  // A structure within is decoded by whoever needs it: its place is given, not its bytes.
  if (type.kind === "STRUCT") return { name: `${name}At`, type: "number", read: at, imports: [] };
  throw new Error(`${member.name}: no decoder for a ${type.kind}`);
}

function integerField(name: string, at: string, type: BtfType, exact: boolean): Field {
  if (exact)
    return { name, type: "SocketCookie", read: `readCookie(this.view, ${at})`, imports: ["readCookie"] };
  switch (type.size) {
    case 8:
      return { name, type: "number", read: `readU64(this.view, ${at})`, imports: ["readU64"] };
    case 4:
      return { name, type: "number", read: `this.view.getUint32(${at}, true)`, imports: [] };
    case 2:
      return { name, type: "number", read: `this.view.getUint16(${at}, true)`, imports: [] };
    case 1:
      return { name, type: "number", read: `this.view.getUint8(${at})`, imports: [] };
    default:
      throw new Error(`${name}: no decoder for an integer of ${type.size ?? 0} bytes`);
  }
}

function arrayField(name: string, at: string, type: BtfType): Field {
  const element = resolve(type.type_id ?? 0).type;
  const length = type.nr_elems ?? 0;
  if (element.size !== 1) throw new Error(`${name}: no decoder for an array of ${element.name}`);
  if (element.name !== "char") return bytesField(name, at, length);
  return { name, type: "string", read: `readText(this.bytes, ${at}, ${length})`, imports: ["readText"] };
}

function bytesField(name: string, at: string, size: number): Field {
  return { name, type: "string", read: `readBytes(this.bytes, ${at}, ${size})`, imports: ["readBytes"] };
}

function structureSource(type: BtfType): { readonly source: string; readonly imports: readonly string[] } {
  const fields = (type.members ?? []).filter((member) => !member.name.startsWith("reserved")).map(field);
  const offsets = (type.members ?? []).map((member) => `${camel(member.name)}: ${member.bits_offset / 8}`);
  const getters = fields.map(
    ({ name, type, read }) => `  get ${name}(): ${type} {\n    return ${read};\n  }`,
  );
  const source = `
/** struct ${type.name} (bpf/records.h), read in place: move it with \`at\`. */
export class ${pascal(type.name)} extends RecordCursor {
  static readonly size = ${type.size ?? 0};
  static readonly offsets = { ${offsets.join(", ")} } as const;

${getters.join("\n\n")}
}
`;
  return { source, imports: fields.flatMap((each) => each.imports) };
}

function enumerationSource(type: BtfType): string {
  const values = (type.values ?? []).map(({ name, val }) => `  ${name}: ${val},`);
  return `
/** enum ${type.name} (bpf/records.h). */
export const ${type.name.toUpperCase()} = {
${values.join("\n")}
} as const;
`;
}

/** The structures to decode: those of `record_layouts`, and those within them. */
function structures(layouts: BtfType): readonly BtfType[] {
  const found = new Map<string, BtfType>();
  const visit = (type: BtfType): void => {
    for (const member of type.members ?? []) {
      const inner = resolve(member.type_id).type;
      if (inner.kind !== "STRUCT" || found.has(inner.name)) continue;
      found.set(inner.name, inner);
      visit(inner);
    }
  };
  visit(layouts);
  return [...found.values()];
}

/** Where the values stand that user space sets before load. */
function readOnlyDataSource(): string {
  const targets = targetsOf(TYPES);
  for (const [name, offset] of targetsOf(readBtf(OTHER_OBJECT))) {
    if (targets.get(name) === offset) continue;
    throw new Error(`${name} is not in the same place in ${OBJECT} and ${OTHER_OBJECT}`);
  }
  return `
/** Offsets of the programs' read-only data, each a 32-bit number. */
export const READ_ONLY_DATA = {
${[...targets].map(([name, offset]) => `  ${camel(name)}: ${offset},`).join("\n")}
} as const;
`;
}

function targetsOf(types: ReadonlyMap<number, BtfType>): ReadonlyMap<string, number> {
  return new Map(variablesOf(types, ".rodata").filter(([name]) => name.startsWith("target_")));
}

/** The variables of a section, with their offsets in it. */
function variablesOf(
  types: ReadonlyMap<number, BtfType>,
  name: string,
): readonly (readonly [string, number])[] {
  const section = [...types.values()].find((type) => type.kind === "DATASEC" && type.name === name);
  return (section?.vars ?? []).map(({ type_id, offset }) => [types.get(type_id)?.name ?? "", offset]);
}

function variablesSource(): string {
  const offset = new Map(variablesOf(readBtf(OTHER_OBJECT), ".bss")).get("flows_made");
  if (offset === undefined) throw new Error(`${OTHER_OBJECT} has no variable flows_made`);
  return `
/** Offset of a variable of the programs in ${OTHER_OBJECT}, a 64-bit number. */
export const VARIABLES = { flowsMade: ${offset} } as const;
`;
}

function generate(): string {
  const layouts = [...TYPES.values()].find((type) => type.name === "record_layouts");
  if (layouts === undefined) throw new Error(`${OBJECT}: BTF has no record_layouts`);
  const decoders = structures(layouts).map(structureSource);
  const enumerations = (layouts.members ?? [])
    .map((member) => resolve(member.type_id).type)
    .filter((type) => type.kind === "ENUM")
    .map(enumerationSource);
  const imports = [...new Set(decoders.flatMap((decoder) => decoder.imports))].sort();
  return `// Generated by scripts/generate-records.ts from the BTF of ${OBJECT}: do not edit; run \`make bpf\`.
import type { SocketCookie } from "../model/sample.js";
import { RecordCursor, ${imports.join(", ")} } from "./record-memory.js";
${readOnlyDataSource()}${variablesSource()}${enumerations.join("")}${decoders.map((decoder) => decoder.source).join("")}`;
}

writeFileSync(OUTPUT, generate());
