/** A key that was pressed, or a character that was typed. */
export interface KeyEvent {
  readonly kind: "key";
  /**
   * "a", "A", "é", "space", "enter", "escape", "backspace", "up", "page-down", "f5"; with modifiers in this order:
   * "ctrl+alt+shift+up". Shift is in the character itself, where there is one.
   */
  readonly key: string;
  /** The character that was typed; "" for keys that type none. */
  readonly text: string;
}

export type MouseButton = "left" | "middle" | "right";

export interface MouseEvent {
  readonly kind: "mouse";
  readonly action: "press" | "release" | "move" | "wheel-up" | "wheel-down" | "wheel-left" | "wheel-right";
  /** null: none, or not told. */
  readonly button: MouseButton | null;
  /** The cell, counted from 0. */
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

/** A text that was pasted: one line without control characters, and no longer than MAX_PASTED_BYTES. */
export interface PasteEvent {
  readonly kind: "paste";
  readonly text: string;
}

export interface FocusEvent {
  readonly kind: "focus";
  readonly focused: boolean;
}

/** What a terminal answers to a question: "]11;rgb:ffff/ffff/ffff" (OSC), "[?62;22c" (CSI). */
export interface ReplyEvent {
  readonly kind: "reply";
  readonly text: string;
}

export type InputEvent = KeyEvent | MouseEvent | PasteEvent | FocusEvent | ReplyEvent;

/** A key with modifiers as xterm numbers them: 1 shift, 2 alt, 4 ctrl, 8 meta. */
export function keyEvent(name: string, modifiers = 0, text = ""): KeyEvent {
  const ctrl = modifiers & 4 ? "ctrl+" : "";
  const alt = modifiers & 10 ? "alt+" : "";
  const shift = modifiers & 1 ? "shift+" : "";
  return { kind: "key", key: ctrl + alt + shift + name, text: modifiers === 0 ? text : "" };
}
