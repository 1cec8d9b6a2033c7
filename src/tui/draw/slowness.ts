import { type Connection, isListening } from "../../model/connection.js";
import type { Limit, Limits } from "../../model/limits.js";
import { type Span, span } from "./line.js";

/** Where to look, in half a line; docs/accuracy.md has the rules. */
const WORDS: Readonly<Record<Limit, string>> = {
  application: "this end's program gives no more to send",
  "receiver-window": "the other end reads too slowly, or its receive buffer is small",
  "send-buffer": "this end's send buffer is too small for the path",
  "congestion-window": "the path is as full as TCP knows it",
  lossy: "the path loses packets",
  idle: "nobody says anything",
  reader: "this end's program reads too slowly",
};

/** Why it is slow, in one word, and the evidence; null of what is over, and of what has no such account. */
export function slownessSpans(connection: Connection): readonly Span[] | null {
  const { proto, closed, limits } = connection;
  if (proto !== "tcp" || closed || isListening(connection)) return null;
  if (limits === null) return [span("not known", "dim")];
  const { limitedBy } = limits;
  const word = limitedBy === null ? "nothing for half of the time, or can't be told" : limitedBy;
  const meaning = limitedBy === null ? "" : `: ${WORDS[limitedBy]}`;
  const isBad = limitedBy !== null && limitedBy !== "idle" && limitedBy !== "application";
  return [span(word, isBad ? "warning" : "strong"), span(meaning), span(`  (${evidence(limits)})`, "dim")];
}

function evidence({ busyShare, receiverWindowShare, sendBufferShare, retransShare }: Limits): string {
  const shares = [
    ["sending", busyShare],
    ["peer's window closed", receiverWindowShare],
    ["send buffer full", sendBufferShare],
    ["sent again", retransShare],
  ] as const;
  return shares.flatMap(([what, share]) => (share === null ? [] : [`${what} ${percent(share)}`])).join(", ");
}

function percent(share: number): string {
  return `${share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)}%`;
}
