import { type Connection, isListening } from "../../model/connection.js";
import type { Limit, Limits } from "../../model/limits.js";
import { labelled, listed, told } from "./labelled.js";
import { type Line, span } from "./line.js";
import { isInTheWay } from "./row-styles.js";

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
const LABEL = "limited by";

/** Why it is slow, in one word, and the evidence; nothing of what is over, and of what has no such account. */
export function slownessLines(connection: Connection, width: number): readonly Line[] {
  const { proto, closed, limits } = connection;
  if (proto !== "tcp" || closed || isListening(connection)) return [];
  if (limits === null) return [labelled(LABEL, [span("not known", "dim")])];
  return [...wordLines(limits, width), ...listed("", evidence(limits), width)];
}

function wordLines({ limitedBy }: Limits, width: number): readonly Line[] {
  if (limitedBy === null)
    return told(LABEL, "nothing for half of the time, or can't be told", "plain", width);
  const [first, ...further] = told(LABEL, `${limitedBy}: ${WORDS[limitedBy]}`, "plain", width);
  const rest = first?.spans.at(-1)?.text.slice(limitedBy.length) ?? "";
  return [
    labelled(LABEL, [span(limitedBy, isInTheWay(limitedBy) ? "warning" : "strong"), span(rest)]),
    ...further,
  ];
}

function evidence({ busyShare, receiverWindowShare, sendBufferShare, retransShare }: Limits) {
  const shares = [
    ["sending", busyShare],
    ["peer's window closed", receiverWindowShare],
    ["send buffer full", sendBufferShare],
    ["sent again", retransShare],
  ] as const;
  return shares.flatMap(([what, share]) =>
    share === null ? [] : [span(`${what} ${percent(share)}`, "dim")],
  );
}

function percent(share: number): string {
  return `${share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)}%`;
}
