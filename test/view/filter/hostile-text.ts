import fc from "fast-check";

/** What is printed, and what moves cursors, breaks lines, is wide, or is half a character. */
const character = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
  fc.constantFrom(
    "\u001b",
    "\u009b",
    "\n",
    "\t",
    "\u0000",
    "\u2028",
    "\u202e",
    "\ud83d",
    "数",
    "é",
    "e\u0301",
    "👩‍👩‍👧‍👦",
  ),
);

/** Text as nobody means it. */
export function hostileText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: character, maxLength });
}
