import { expect, test } from "vitest";
import { setOf } from "../../src/linux/capabilities.js";
import {
  AUTOMATIC_CAPABILITIES,
  capabilitiesOf,
  KILL_CAPABILITIES,
  RUNG_CAPABILITIES,
} from "../../src/model/privileges.js";
import { RUNGS } from "../../src/model/rung.js";

test.each(RUNGS)("%s: each capability once, known to the kernel, with a purpose and a loss", (rung) => {
  const uses = RUNG_CAPABILITIES[rung];
  expect(new Set(capabilitiesOf(rung)).size).toBe(uses.length);
  expect(() => setOf(capabilitiesOf(rung))).not.toThrow();
  for (const { purpose, without } of uses) {
    expect(purpose).toMatch(/^to /);
    expect(without).not.toBe("");
  }
});

test("what the automatic choice keeps is enough for every rung that it may take", () => {
  for (const rung of RUNGS)
    expect(AUTOMATIC_CAPABILITIES).toEqual(expect.arrayContaining([...capabilitiesOf(rung, true)]));
});

test("watching needs none of the capabilities that change the host", () => {
  const wanted = new Set(RUNGS.flatMap((rung) => capabilitiesOf(rung, true)));
  for (const capability of ["CAP_DAC_OVERRIDE", "CAP_SYS_MODULE", "CAP_SETUID", "CAP_KILL", "CAP_SYS_RAWIO"])
    expect(wanted).not.toContain(capability);
});

test.each(RUNGS)("%s: with K, what that needs is kept beside what the rung does, each once", (rung) => {
  const kept = capabilitiesOf(rung, true);
  expect(new Set(kept).size).toBe(kept.length);
  expect(kept).toContain("CAP_NET_ADMIN");
  const uses = [...RUNG_CAPABILITIES[rung], ...KILL_CAPABILITIES[rung]];
  expect(new Set(kept)).toEqual(new Set(uses.map(({ capability }) => capability)));
});

test("without K, reading tables changes nothing in the network", () => {
  for (const rung of ["user", "proc"] as const) expect(capabilitiesOf(rung)).not.toContain("CAP_NET_ADMIN");
});
