import { expect, test } from "vitest";
import { SCREEN_COLUMNS, type ScreenColumn } from "../../../src/model/screen-columns.js";
import { titleLine } from "../../../src/tui/draw/columns.js";

function titles(sorted: string, direction: "asc" | "desc", widths: Readonly<Record<string, number>>): string {
  const placed = SCREEN_COLUMNS.flatMap((column: ScreenColumn) => {
    const width = widths[column.title];
    return width === undefined ? [] : [{ column, width }];
  });
  return titleLine(placed, { column: sorted, direction }, 0)
    .spans.map(({ text }) => text)
    .join("");
}

test("the column that rows are sorted by has an arrow, and the line its width", () => {
  const widths = { COMM: 8, "RX/s": 5, RETR: 4 };
  expect(titles("comm", "asc", widths)).toBe("COMM▲     RX/s RETR");
  expect(titles("rx_rate", "desc", widths)).toBe("COMM     ▼RX/s RETR");
});

test("also a title that fills its column", () => {
  expect(titles("retrans", "desc", { COMM: 8, "RX/s": 5, RETR: 4 })).toBe("COMM      RX/s▼RETR");
  expect(titles("retrans", "asc", { RETR: 4, AGE: 3 })).toBe("RETR AGE");
});
