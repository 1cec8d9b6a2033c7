import { RIGHT_HALF, type Screen } from "../../src/tui/screen/screen.js";

const HIGH_HALF = 16;
const LOW_HALF = 0xffff;

/** The rows of a screen as text, with the blanks at their ends. */
export function screenText(screen: Screen): readonly string[] {
  return Array.from({ length: screen.rows }, (_, y) => {
    const cells = Array.from({ length: screen.columns }, (_, x) => cellText(screen, x, y));
    return cells.join("");
  });
}

/** The character of a cell with its marks; "" for the right half of a wide one. */
export function cellText(screen: Screen, x: number, y: number): string {
  const cell = y * screen.columns + x;
  const character = screen.characters[cell] ?? 0;
  const marks = screen.marks[cell] ?? 0;
  if (character === RIGHT_HALF) return "";
  const units = [marks & LOW_HALF, marks >>> HIGH_HALF].filter((unit) => unit !== 0);
  return String.fromCodePoint(character) + String.fromCharCode(...units);
}
