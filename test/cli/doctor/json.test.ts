import { expect, test } from "vitest";
import { DOCTOR_FIELDS, doctorJson } from "../../../src/cli/doctor/json.js";
import { exampleReport } from "./example-report.js";

const parsed: Readonly<Record<string, unknown>> = JSON.parse(doctorJson(exampleReport()));

test("one object with the documented fields, in their order", () => {
  expect(Object.keys(parsed)).toEqual(DOCTOR_FIELDS.map(({ name }) => name));
});

test("names are in snake_case at every depth", () => {
  const names = [...doctorJson(exampleReport()).matchAll(/"(\w+)":/g)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(DOCTOR_FIELDS.length);
  expect(names.filter((name) => !/^[a-z][a-z_]*$/.test(name))).toEqual([]);
});

test("what is unknown or does not apply is null", () => {
  expect(parsed).toMatchObject({
    kernel: "6.1.0-30-cloud-amd64",
    libbpf_mend: null,
    namespaces: [{ initial: true }, { initial: false }, { kind: "net", inode: 4026532002, initial: null }],
    rungs: [
      { rung: "fentry", works: false, lacks: null, remedy: "kernel" },
      { rung: "tracepoint", works: true, lacks: expect.any(String), reason: expect.any(String) },
      { rung: "kprobe", works: false, mend: null, remedy: null },
      { rung: "proc", works: true, reason: null, mend: null, remedy: null },
    ],
    taken: "tracepoint",
  });
});
