import { expect, test } from "vitest";
import { nameNamespaces } from "../../../src/collect/enrichment/namespace-names.js";
import { processReading } from "./example-reading.js";

const HOST = 1;
const NONE = new Map<number, string>();
const CNI = "cni-5b8f3c1e-2d4a-4c6b-9e8f-0a1b2c3d4e5f";

function named(
  given: ReadonlyMap<number, string>,
  ...processes: readonly (readonly [netns: number | null, network: string | null])[]
): Readonly<Record<string, string>> {
  const readings = processes.map(([netns, network]) => processReading({ netns, network }));
  return Object.fromEntries(nameNamespaces(given, readings, new Set([HOST])));
}

test("after the container that all its processes are of", () => {
  expect(named(NONE, [2, "docker:a"], [2, "docker:a"], [3, "docker:b"])).toEqual({
    2: "docker:a",
    3: "docker:b",
  });
});

test("not when processes of another container, or of none, are in it", () => {
  expect(named(NONE, [2, "docker:a"], [2, "docker:b"], [2, "docker:a"])).toEqual({});
  expect(named(NONE, [2, null], [2, "docker:a"])).toEqual({});
  expect(named(NONE, [2, "docker:a"], [2, null], [2, "docker:a"])).toEqual({});
});

test("never the host's own, in which containers can run", () => {
  expect(named(NONE, [HOST, "docker:a"], [null, "docker:b"])).toEqual({});
});

test("no name for several namespaces", () => {
  expect(named(NONE, [2, "docker:a"], [3, "docker:a"], [4, "docker:b"])).toEqual({ 4: "docker:b" });
});

test("ip netns has the first word, unless its name was made up for a pod that is known", () => {
  expect(named(new Map([[2, "blue"]]), [2, "docker:a"])).toEqual({ 2: "blue" });
  expect(named(new Map([[2, CNI]]), [2, "pod:u"])).toEqual({ 2: "pod:u" });
  expect(named(new Map([[2, CNI]]))).toEqual({ 2: CNI });
});
