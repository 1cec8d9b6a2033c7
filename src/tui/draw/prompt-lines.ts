import { textWidth, truncateText, wrapText } from "../../model/text-width.js";
import type { Prompt } from "../live/state.js";
import { clipSpans, type Line, line, outsideSpan, type Span, span } from "./line.js";

const LABELS: Readonly<Record<Prompt["asks"], string>> = {
  filter: "filter: ",
  search: "search: ",
  interval: "interval in seconds: ",
};
/** More would leave nothing of the table on a small terminal. */
const MESSAGE_LINES = 3;
/** What was typed goes on to the left. */
const MORE = "…";

/** What is typed, of a long text what is around the cursor. What is wrong stands below, with a caret at the place. */
export function promptLines({ asks, line: edited, error }: Prompt, width: number): readonly Line[] {
  const label = LABELS[asks];
  const start = firstShown(edited.text, edited.cursor, width - label.length);
  const typed = [
    span(label, "prompt"),
    ...(start > 0 ? [span(MORE, "dim")] : []),
    ...typedSpans(edited, start),
  ];
  if (error === null) return [line(clipSpans(typed, width))];
  // A search has one thing to say only, and where is no question.
  if (asks === "search")
    return [line(clipSpans([...typed, outsideSpan(` ${error.message}`, "warning")], width))];
  const style = error.isHint ? "dim" : "error";
  const from = Math.max(start, error.start);
  const left = label.length + (start > 0 ? 1 : 0) + textWidth(edited.text.slice(start, from));
  const caret = " ".repeat(left) + "^".repeat(Math.max(1, textWidth(edited.text.slice(from, error.end))));
  const message = messageLines(error.message, width);
  const below = [span(caret, style), ...message.map((one) => outsideSpan(one, style))];
  return [line(clipSpans(typed, width)), ...below.map((one) => line(clipSpans([one], width)))];
}

/** As much as there is room for; an ellipsis says that there is more. */
function messageLines(message: string, width: number): readonly string[] {
  const lines = wrapText(message, width);
  const further = lines.slice(MESSAGE_LINES - 1).join(" ");
  return [...lines.slice(0, MESSAGE_LINES - 1), ...(further === "" ? [] : [truncateText(further, width)])];
}

/** From where on a text is shown, so that the cursor is among the `room` columns that there are for it. */
function firstShown(text: string, cursor: number, room: number): number {
  if (textWidth(text.slice(0, cursor)) < room) return 0;
  let start = 0;
  // One column for the mark that there is more, one for the cursor.
  while (start < cursor && textWidth(text.slice(start, cursor)) > room - 2)
    start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
  return start;
}

function typedSpans({ text, cursor }: Prompt["line"], start: number): readonly Span[] {
  const at = String.fromCodePoint(...(cursor < text.length ? [text.codePointAt(cursor) ?? 0x20] : []));
  return [
    outsideSpan(text.slice(start, cursor)),
    outsideSpan(at === "" ? " " : at, "cursor"),
    outsideSpan(text.slice(cursor + at.length)),
  ];
}
