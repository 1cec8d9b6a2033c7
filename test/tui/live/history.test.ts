import { expect, test } from "vitest";
import { emptySnapshot } from "../../../src/model/snapshot.js";
import { History } from "../../../src/tui/live/history.js";
import { exampleConnection } from "../../model/example-connection.js";

test("the newest last, and no more than a screen shows", () => {
  const history = new History();
  for (let tick = 1; tick <= 700; tick++) {
    history.add(emptySnapshot(), [exampleConnection({ id: "1", txRate: tick, rxRate: null, rttUs: 5 })]);
  }
  const moments = history.of("1");
  expect(moments).toHaveLength(600);
  expect(moments.at(0)).toEqual({ txRate: 101, rxRate: null, rttUs: 5 });
  expect(moments.at(-1)?.txRate).toBe(700);
  expect(history.totals.last(1000)).toHaveLength(600);
});

test("of a thousand connections and one, the one seen longest ago is forgotten", () => {
  const history = new History();
  for (let id = 0; id < 1000; id++) history.add(emptySnapshot(), [exampleConnection({ id: String(id) })]);
  history.add(emptySnapshot(), [exampleConnection({ id: "0" })]);
  history.add(emptySnapshot(), [exampleConnection({ id: "new" })]);
  expect(history.of("1")).toEqual([]);
  expect(history.of("0")).toHaveLength(2);
  expect(history.of("new")).toHaveLength(1);
});
