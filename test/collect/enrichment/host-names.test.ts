import { expect, test } from "vitest";
import { HostNames, type Reverse } from "../../../src/collect/enrichment/host-names.js";

/** Questions that are answered when a test says so. */
class Answers {
  readonly asked: string[] = [];
  readonly #open = new Map<string, (names: readonly string[] | null) => void>();

  readonly reverse: Reverse = (address) => {
    this.asked.push(address);
    return new Promise((resolve, reject) => {
      this.#open.set(address, (names) => (names === null ? reject(new Error("ENOTFOUND")) : resolve(names)));
    });
  };

  async give(address: string, names: readonly string[] | null): Promise<void> {
    this.#open.get(address)?.(names);
    await new Promise(setImmediate);
  }
}

function hostNames(limits: { readonly maxKnown?: number; readonly maxWaiting?: number } = {}) {
  const answers = new Answers();
  const clock = { nowMs: 0 };
  return {
    answers,
    clock,
    names: new HostNames({ reverse: answers.reverse, nowMs: () => clock.nowMs, ...limits }),
  };
}

test("a name is not there at first, and then it is", async () => {
  const { answers, names } = hostNames();
  expect(names.nameOf("192.0.2.1")).toBeNull();
  expect(names.nameOf("192.0.2.1")).toBeNull();
  await answers.give("192.0.2.1", ["a.example", "b.example"]);
  expect(names.nameOf("192.0.2.1")).toBe("a.example");
  expect(answers.asked).toEqual(["192.0.2.1"]);
});

test("an address without a name is asked for again after a minute, one with a name after ten; the old one serves meanwhile", async () => {
  const { answers, clock, names } = hostNames();
  names.nameOf("192.0.2.1");
  names.nameOf("192.0.2.2");
  await answers.give("192.0.2.1", null);
  await answers.give("192.0.2.2", ["a.example"]);
  clock.nowMs = 59_999;
  expect(names.nameOf("192.0.2.1")).toBeNull();
  expect(answers.asked).toHaveLength(2);
  clock.nowMs = 60_000;
  names.nameOf("192.0.2.1");
  names.nameOf("192.0.2.2");
  expect(answers.asked).toEqual(["192.0.2.1", "192.0.2.2", "192.0.2.1"]);
  clock.nowMs = 600_000;
  expect(names.nameOf("192.0.2.2")).toBe("a.example");
  expect(answers.asked).toHaveLength(4);
});

test("four are asked for at a time, and what the queue has no room for is dropped", async () => {
  const { answers, names } = hostNames({ maxWaiting: 2 });
  for (let host = 1; host <= 9; host++) names.nameOf(`192.0.2.${host}`);
  expect(answers.asked).toHaveLength(4);
  for (let host = 1; host <= 4; host++) await answers.give(`192.0.2.${host}`, [`h${host}.example`]);
  expect(answers.asked).toEqual([1, 2, 3, 4, 5, 6].map((host) => `192.0.2.${host}`));
});

test("what was wanted longest ago is forgotten first", async () => {
  const { answers, names } = hostNames({ maxKnown: 2 });
  for (const host of [1, 2]) {
    names.nameOf(`192.0.2.${host}`);
    await answers.give(`192.0.2.${host}`, [`h${host}.example`]);
  }
  names.nameOf("192.0.2.1");
  names.nameOf("192.0.2.3");
  await answers.give("192.0.2.3", ["h3.example"]);
  expect(names.nameOf("192.0.2.1")).toBe("h1.example");
  expect(names.nameOf("192.0.2.2")).toBeNull();
});

test.each([
  ["a.example", true],
  ["_ldap.a-1.example", true],
  ["xn--bcher-kva.example", true],
  ["x".repeat(255), true],
  ["x".repeat(256), false],
  ["\u001b[2Ja.example", false],
  ["\\027[2Ja.example", false],
  ["\u202eelpmaxe.a", false],
  ["日本.example", false],
  ["a  ESTABLISHED  9", false],
  ["a.example:22", false],
  ["10.0.0.1", false],
  ["", false],
  ["-", false],
])("a name is somebody else's text: %j is taken for one: %s", async (name, isTaken) => {
  const { answers, names } = hostNames();
  names.nameOf("192.0.2.1");
  await answers.give("192.0.2.1", [name]);
  expect(names.nameOf("192.0.2.1")).toBe(isTaken ? name : null);
});

test("who draws hears of each name, and of nothing else", async () => {
  const answers = new Answers();
  const heard: string[] = [];
  const names = new HostNames({ reverse: answers.reverse, nowMs: () => 0, onName: () => heard.push("name") });
  for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) names.nameOf(address);
  await answers.give("192.0.2.1", null);
  await answers.give("192.0.2.2", [" "]);
  expect(heard).toEqual([]);
  await answers.give("192.0.2.3", ["a.example"]);
  expect(heard).toEqual(["name"]);
});

test("nobody is asked about this host", () => {
  const { answers, names } = hostNames();
  for (const address of ["127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "::"]) {
    expect(names.nameOf(address)).toBeNull();
  }
  expect(answers.asked).toEqual([]);
});
