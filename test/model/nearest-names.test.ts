import { expect, test } from "vitest";
import { nearestNames } from "../../src/model/nearest-names.js";

const NAMES = ["tx_rate", "rx_rate", "rtt_us", "min_rtt_us", "pid"];

test.each([
  ["rtt", ["rtt_us", "min_rtt_us"]],
  ["RATE", ["tx_rate", "rx_rate"]],
  ["tx_rat", ["tx_rate"]],
  ["tx-rate", ["tx_rate", "rx_rate"]],
  ["pod", ["pid"]],
  ["p", []],
  ["", []],
  ["nosuch", []],
  ["tx_rate_of_all", ["tx_rate"]],
  ["pids_of", []],
])("%j may have meant %j", (word, expected) => {
  expect(nearestNames(word, NAMES)).toEqual(expected);
});
