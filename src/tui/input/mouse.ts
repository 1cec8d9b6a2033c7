import type { MouseButton, MouseEvent } from "./input-event.js";

const BUTTONS: readonly (MouseButton | null)[] = ["left", "middle", "right", null];
const WHEELS = ["wheel-up", "wheel-down", "wheel-left", "wheel-right"] as const;
const RELEASED = 3;
const SHIFT = 4;
const ALT = 8;
const CTRL = 16;
const MOTION = 32;
const WHEEL = 64;
/** Buttons 8 to 11: nothing is bound to them. */
const EXTRA = 128;
const MAX_CELL = 0xffff;

/**
 * A report of xterm's mouse protocols: `code` without their offset, `column` and `row` from 1. Null for what is no event
 * here. Only the newer protocol (SGR, 1006) tells a release in another way than by button 3.
 */
export function mouseEvent(
  code: number,
  column: number,
  row: number,
  isSgrRelease: boolean,
): MouseEvent | null {
  if (code >= EXTRA || column < 1 || row < 1) return null;
  const low = code & 3;
  const where = {
    x: Math.min(column, MAX_CELL) - 1,
    y: Math.min(row, MAX_CELL) - 1,
    shift: (code & SHIFT) !== 0,
    alt: (code & ALT) !== 0,
    ctrl: (code & CTRL) !== 0,
  };
  if (code & WHEEL) {
    // Some terminals report that a wheel was released.
    if (isSgrRelease) return null;
    return { kind: "mouse", action: WHEELS[low] ?? "wheel-up", button: null, ...where };
  }
  const button = BUTTONS[low] ?? null;
  if (code & MOTION) return { kind: "mouse", action: "move", button, ...where };
  const isRelease = isSgrRelease || low === RELEASED;
  return { kind: "mouse", action: isRelease ? "release" : "press", button, ...where };
}
