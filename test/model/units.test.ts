import { expect, test } from "vitest";
import { formatBytes, formatDuration, formatMicroseconds } from "../../src/model/units.js";

test.each([
  [0, "0"],
  [999, "999"],
  [999.4, "999"],
  [999.6, "1.00k"],
  [1000, "1.00k"],
  [1234, "1.23k"],
  [9994, "9.99k"],
  [9995, "10.0k"],
  [45_600, "45.6k"],
  [99_950, "100k"],
  [999_499, "999k"],
  [999_500, "1.00M"],
  [1_234_567, "1.23M"],
  [7_890_000_000, "7.89G"],
  [Number.MAX_SAFE_INTEGER, "9.01P"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, "0us"],
  [85, "85us"],
  [999, "999us"],
  [1000, "1.00ms"],
  [12_345, "12.3ms"],
  [999_499, "999ms"],
  [999_500, "1.00s"],
  [1_200_000, "1.20s"],
  [120_000_000, "120s"],
])("%d microseconds are %s", (us, text) => {
  expect(formatMicroseconds(us)).toBe(text);
});

test.each([
  [-5, "0ms"],
  [0, "0ms"],
  [850, "850ms"],
  [999.6, "1.0s"],
  [3250, "3.3s"],
  [59_949, "59.9s"],
  [59_950, "1m00s"],
  [60_000, "1m00s"],
  [723_000, "12m03s"],
  [3_599_499, "59m59s"],
  [3_599_500, "1h00m"],
  [18_720_000, "5h12m"],
  [86_399_000, "23h59m"],
  [86_400_000, "1d00h"],
  [273_600_000, "3d04h"],
])("%d milliseconds are %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
