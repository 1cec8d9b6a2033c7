import type { DoctorReport, NamespaceFinding, RungFinding } from "./report.js";

const TITLE_WIDTH = 18;
const RUNG_WIDTH = 12;
const ANSWER_WIDTH = 5;
const WIDTH = 80;

/** What marks words on a terminal; each gives the text back as it is where there are no colours. */
interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

const PLAIN: Style = { good: (text) => text, bad: (text) => text };
const COLOURED: Style = { good: sgr(32), bad: sgr(31) };

/** The report for people: at most 80 columns, as far as its words can be broken. */
export function doctorText(report: DoctorReport, options: { readonly colours: boolean }): string {
  const style = options.colours ? COLOURED : PLAIN;
  const lines = [
    `tcptop ${report.version} on ${report.host}`,
    "",
    ...hostFacts(report).flatMap(([title, text]) => entry(title, text)),
    "",
    ...capabilities(report),
    "",
    ...report.rungs.flatMap((finding) => rungLines(finding, report.taken, style)),
    "",
    ...conclusion(report),
  ];
  return `${lines.join("\n")}\n`;
}

function hostFacts(report: DoctorReport): readonly (readonly [string, string])[] {
  const { libbpf, libbpfMend, unprivilegedBpfDisabled, perfEventParanoid } = report;
  return [
    ["kernel", `${report.kernel} ${report.architecture}`],
    [
      "libbpf",
      libbpf === null ? `not here; ${libbpfMend ?? ""}` : [libbpf.version, libbpf.path ?? ""].join("  "),
    ],
    ["kernel's BTF", report.hasKernelBtf ? "yes" : "no: this kernel does not describe its types"],
    ["lockdown", report.lockdown ?? "unknown: this kernel has none, or does not tell"],
    ["unprivileged BPF", unprivilegedBpf(unprivilegedBpfDisabled)],
    ["perf events", `${perfEventParanoid ?? "unknown"} (kernel.perf_event_paranoid)`],
    ["cgroup v2", report.cgroupMount ?? "not mounted"],
    ["namespaces", namespaces(report.namespaces)],
  ];
}

function unprivilegedBpf(value: number | null): string {
  const setting = "(kernel.unprivileged_bpf_disabled";
  if (value === null) return `unknown ${setting})`;
  return value === 0 ? `admitted ${setting} = 0)` : `not admitted ${setting} = ${value})`;
}

function namespaces(found: readonly NamespaceFinding[]): string {
  const having = (isInitial: boolean | null) =>
    found.filter((namespace) => namespace.isInitial === isInitial).map(({ kind }) => kind);
  const groups: readonly (readonly [readonly string[], string])[] = [
    [having(true), "the host's"],
    [having(false), "not the host's"],
    [having(null), "unknown whether the host's"],
  ];
  return groups
    .filter(([kinds]) => kinds.length > 0)
    .map(([kinds, words]) => `${kinds.join(", ")}: ${words}`)
    .join("; ");
}

function capabilities({ capabilities: all, namespaces: found }: DoctorReport): readonly string[] {
  const held = all.filter(({ isHeld }) => isHeld).map(({ capability }) => capability);
  const missing = all.filter(({ isHeld }) => !isHeld);
  const isOfHost = !found.some(({ kind, isInitial }) => kind === "user" && isInitial === false);
  const text = isOfHost ? held.join(", ") : `${held.join(", ")}; of this user namespace, not of the host`;
  return [
    ...entry("capabilities", held.length === 0 ? "none that tcptop has a use for" : text),
    ...missing.flatMap(({ capability, without }, at) =>
      entry(at === 0 ? "missing" : "", `${capability}: ${without}`),
    ),
  ];
}

function rungLines(
  { rung, works, lacks, limits, reason, mend }: RungFinding,
  taken: string | null,
  style: Style,
): readonly string[] {
  const [answer, paint] = works ? (["yes", style.good] as const) : (["no", style.bad] as const);
  // Most limits are those of the host, and would be told of each rung.
  const own = rung === taken ? ["taken", lacks, ...limits] : [lacks];
  const said = [...own, reason ?? "", mend ?? ""].filter((text) => text !== "");
  const indent = RUNG_WIDTH + ANSWER_WIDTH;
  const start = `${rung.padEnd(RUNG_WIDTH)}${paint(answer)}${" ".repeat(ANSWER_WIDTH - answer.length)}`;
  const [first = "", ...rest] = said.flatMap((text) => wrap(text, WIDTH - indent));
  return [`${start}${first}`.trimEnd(), ...rest.map((line) => " ".repeat(indent) + line)];
}

function conclusion({ taken }: DoctorReport): readonly string[] {
  if (taken === null) return ["tcptop can't collect here."];
  return [`tcptop takes rung ${taken}. "yes" was opened and closed again just now.`];
}

function entry(title: string, text: string): readonly string[] {
  const [first = "", ...rest] = wrap(text, WIDTH - TITLE_WIDTH);
  return [title.padEnd(TITLE_WIDTH) + first, ...rest.map((line) => " ".repeat(TITLE_WIDTH) + line)];
}

/** Broken at blanks; a word that is longer than a line has its own. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function sgr(code: number): (text: string) => string {
  return (text) => `\u001b[${code}m${text}\u001b[0m`;
}
