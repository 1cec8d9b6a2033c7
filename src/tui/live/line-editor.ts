/** A line of text that is being typed; the cursor counts UTF-16 units, and never stands within a character. */
export interface EditedLine {
  readonly text: string;
  readonly cursor: number;
}

/** A filter is no longer than this: see the filter language. */
const MAX_LENGTH = 4096;

export function editedLine(text: string): EditedLine {
  return { text, cursor: text.length };
}

/** The line after a key; the same line for a key that does nothing here. `keyName` is a character, or a name. */
export function editLine(line: EditedLine, keyName: string): EditedLine {
  const { text, cursor } = line;
  switch (keyName) {
    case "left":
    case "ctrl+b":
      return { text, cursor: before(text, cursor) };
    case "right":
    case "ctrl+f":
      return { text, cursor: after(text, cursor) };
    case "home":
    case "ctrl+a":
      return { text, cursor: 0 };
    case "end":
    case "ctrl+e":
      return { text, cursor: text.length };
    case "backspace":
      return cut(text, before(text, cursor), cursor);
    case "delete":
      return cut(text, cursor, after(text, cursor));
    case "ctrl+u":
      return cut(text, 0, cursor);
    case "ctrl+k":
      return cut(text, cursor, text.length);
    case "ctrl+w":
      return cut(text, wordBefore(text, cursor), cursor);
    case "space":
      return insertText(line, " ");
    default:
      return [...keyName].length === 1 ? insertText(line, keyName) : line;
  }
}

/** With what was typed, or pasted, at the cursor. */
export function insertText({ text, cursor }: EditedLine, inserted: string): EditedLine {
  const room = Math.max(0, MAX_LENGTH - text.length);
  const taken = inserted.length <= room ? inserted : "";
  return { text: text.slice(0, cursor) + taken + text.slice(cursor), cursor: cursor + taken.length };
}

function cut(text: string, from: number, to: number): EditedLine {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

function before(text: string, cursor: number): number {
  const isPair = cursor > 1 && (text.codePointAt(cursor - 2) ?? 0) > 0xffff;
  return Math.max(0, cursor - (isPair ? 2 : 1));
}

function after(text: string, cursor: number): number {
  return Math.min(text.length, cursor + ((text.codePointAt(cursor) ?? 0) > 0xffff ? 2 : 1));
}

function wordBefore(text: string, cursor: number): number {
  return text.slice(0, cursor).replace(/\S+\s*$/u, "").length;
}
