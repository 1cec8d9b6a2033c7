/** What a program was refused for, in a few words. */
export interface Refusal {
  /** The program, where libbpf named it. */
  readonly program: string | null;
  /** The verifier's last word, or libbpf's. */
  readonly reason: string;
}

const PROGRAM = /libbpf: prog '([^']+)': (?:BPF program load failed|failed to load|-- BEGIN)/;
/** Since Linux 7 its last words are sections: what failed, for what reason, where, and what it suggests. */
const REASON_SECTION = "Reason:";
/** Lines of a verifier's log that are its bookkeeping: register states, statistics, source and instructions. */
const BOOKKEEPING =
  /^(?:\d+: |; |from \d+ to \d+|processed \d+ insns|verification time|stack depth|mark_precise|max_states|R\d+=|libbpf: |-- |$)/;

/**
 * Summarises what libbpf wrote about a failed load. The verifier's log is hundreds of lines; what matters is the last
 * one that is no bookkeeping: "R1 type=... expected=...", "unknown func", "Unreleased reference"; where it gives a reason
 * under that head, the reason.
 */
export function summariseLoadLog(log: string): Refusal {
  const lines = log.split("\n").map((line) => line.trim());
  const program = PROGRAM.exec(log)?.[1] ?? null;
  const section = lines.lastIndexOf(REASON_SECTION);
  if (section >= 0) return { program, reason: lines[section + 1] ?? "" };
  const verifier = lines.findLast((line) => line !== "" && !BOOKKEEPING.test(line));
  if (verifier !== undefined) return { program, reason: verifier };
  const said = lines.find((line) => line.startsWith("libbpf: ")) ?? "";
  return { program, reason: said.replace(/^libbpf: /, "") };
}
