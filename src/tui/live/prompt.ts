import { completeFilter } from "../../view/filter/complete.js";
import { FilterError } from "../../view/filter/filter-error.js";
import { parseFilter } from "../../view/filter/parse.js";
import { type EditedLine, editLine, insertText } from "./line-editor.js";
import { findMatch, noMatch, toMatch } from "./search.js";
import type { Settings } from "./settings.js";
import { type LiveState, type Prompt, type PromptError, withRows, withSelection } from "./state.js";
import { type Step, still } from "./step.js";

const LEAST_INTERVAL_S = 0.1;
const MOST_INTERVAL_S = 3600;

export function openPrompt(state: LiveState, asks: Prompt["asks"], line: EditedLine): LiveState {
  return { ...state, overlay: { kind: "prompt", prompt: { asks, line, error: null } } };
}

export function pressInPrompt(state: LiveState, prompt: Prompt, keyName: string): Step {
  switch (keyName) {
    case "escape":
      return still({ ...closed(state), ...(prompt.asks === "search" ? { search: "" } : {}) });
    case "enter":
      return accept(state, prompt);
    case "tab":
      return still(prompt.asks === "filter" ? complete(state, prompt) : state);
    default:
      return still(typed(state, prompt, editLine(prompt.line, keyName)));
  }
}

/** What was pasted, without the ends of lines. */
export function pasteIntoPrompt(state: LiveState, prompt: Prompt, text: string): LiveState {
  return typed(state, prompt, insertText(prompt.line, text.replaceAll(/\s+/gu, " ")));
}

/** A search moves while it is typed; a filter is checked, and taken with Enter. */
function typed(state: LiveState, prompt: Prompt, line: EditedLine): LiveState {
  if (prompt.asks === "search") return searched(state, prompt, line);
  const error = prompt.asks === "filter" ? hintOf(filterError(line.text), line) : null;
  return { ...state, overlay: { kind: "prompt", prompt: { ...prompt, line, error } } };
}

function searched(before: LiveState, prompt: Prompt, line: EditedLine): LiveState {
  const state = { ...before, search: line.text };
  const match = findMatch(state, 0);
  const isInVain = match === null && line.text.trim() !== "";
  const error = isInVain
    ? { message: noMatch(line.text), start: 0, end: line.text.length, isHint: true }
    : null;
  const overlay = { kind: "prompt", prompt: { ...prompt, line, error } } as const;
  return match === null ? { ...state, overlay } : withSelection({ ...state, overlay }, match);
}

/** What is missing at the end, or only begun there, may be about to be typed: that is said, but not cried out. */
function hintOf(error: PromptError | null, { text, cursor }: EditedLine): PromptError | null {
  if (error === null) return null;
  const isMissing = error.start >= text.trimEnd().length;
  const isBegun = cursor === text.length && error.end === text.length;
  return { ...error, isHint: isMissing || (isBegun && completeFilter(text, cursor).candidates.length > 0) };
}

function accept(state: LiveState, { asks, line }: Prompt): Step {
  switch (asks) {
    case "search":
      return still(line.text === "" ? closed(state) : toMatch(closed(state), 0));
    case "interval":
      return acceptInterval(state, line);
    case "filter":
      return still(acceptFilter(state, line));
  }
}

function acceptFilter(state: LiveState, line: EditedLine): LiveState {
  const error = filterError(line.text);
  if (error !== null)
    return { ...state, overlay: { kind: "prompt", prompt: { asks: "filter", line, error } } };
  return withRows({ ...closed(state), settings: { ...state.settings, filter: filterOf(line.text) } });
}

function acceptInterval(state: LiveState, line: EditedLine): Step {
  const seconds = Number(line.text);
  if (line.text.trim() === "" || !(seconds >= LEAST_INTERVAL_S && seconds <= MOST_INTERVAL_S)) {
    const message = `from ${LEAST_INTERVAL_S} to ${MOST_INTERVAL_S} seconds`;
    const error = { message, start: 0, end: line.text.length, isHint: false };
    return still({ ...state, overlay: { kind: "prompt", prompt: { asks: "interval", line, error } } });
  }
  const intervalMs = Math.round(seconds * 1000);
  return { state: { ...closed(state), intervalMs }, effect: { kind: "interval", intervalMs } };
}

function filterOf(text: string): Settings["filter"] {
  return text.trim() === "" ? null : { text, parsed: parseFilter(text) };
}

function filterError(text: string): PromptError | null {
  try {
    filterOf(text);
    return null;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { message: error.oneLine(), ...error.span, isHint: false };
  }
}

/** The word at the cursor as far as all candidates agree, with a blank after it when there is one only; of more, which they are. */
function complete(state: LiveState, prompt: Prompt): LiveState {
  const { start, end, candidates } = completeFilter(prompt.line.text, prompt.line.cursor);
  const [first, second] = candidates;
  if (first === undefined) return state;
  const word = second === undefined ? `${first} ` : candidates.reduce(agreed, first);
  const { text } = prompt.line;
  const isLonger = word.length > end - start;
  const line = isLonger
    ? { text: text.slice(0, start) + word + text.slice(end), cursor: start + word.length }
    : prompt.line;
  if (second === undefined) return isLonger ? typed(state, prompt, line) : state;
  const error = { message: candidates.join("  "), start, end: line.cursor, isHint: true };
  return { ...state, overlay: { kind: "prompt", prompt: { ...prompt, line, error } } };
}

function agreed(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}

function closed(state: LiveState): LiveState {
  return { ...state, overlay: { kind: "none" } };
}
