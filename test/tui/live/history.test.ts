import { expect, test } from "vitest";
import { emptySnapshot } from "../../../src/model/snapshot.js";
import { History } from "../../../src/tui/live/history.js";
import { exampleConnection } from "../../model/example-connection.js";

test("the newest last, and no more than a screen shows", () => {
  const history = new History();
  for (let tick = 1; tick <= 700; tick++) {
    history.add(emptySnapshot(), [exampleConnection({ id: "1", txRate: tick, rxRate: null, rttUs: 5 })]);
  }
  const moments = history.of("1", history.tick);
  expect(moments).toHaveLength(600);
  expect(moments.at(0)).toEqual({ txRate: 101, rxRate: null, rttUs: 5 });
  expect(moments.at(-1)?.txRate).toBe(700);
  expect(history.totals.until(history.tick)).toHaveLength(600);
});

test("of a thousand connections and one, the one seen longest ago is forgotten", () => {
  const history = new History();
  for (let id = 0; id < 1000; id++) history.add(emptySnapshot(), [exampleConnection({ id: String(id) })]);
  history.add(emptySnapshot(), [exampleConnection({ id: "0" })]);
  history.add(emptySnapshot(), [exampleConnection({ id: "new" })]);
  expect(history.of("1", history.tick)).toEqual([]);
  expect(history.of("0", history.tick)).toHaveLength(2);
  expect(history.of("new", history.tick)).toHaveLength(1);
});

test("up to a moment: what came later is not in it", () => {
  const history = new History();
  for (let tick = 1; tick <= 5; tick++) {
    const watched = tick === 2 ? [] : [exampleConnection({ id: "1", txRate: tick })];
    history.add({ ...emptySnapshot(), totals: { ...emptySnapshot().totals, txRate: tick } }, watched);
  }
  expect(history.tick).toBe(5);
  expect(history.totals.until(3).map(({ txRate }) => txRate)).toEqual([1, 2, 3]);
  expect(history.of("1", 2).map(({ txRate }) => txRate)).toEqual([1]);
  expect(history.of("1", 4).map(({ txRate }) => txRate)).toEqual([1, 3, 4]);
  expect(history.of("1", 0)).toEqual([]);
});
