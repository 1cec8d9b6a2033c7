import { expect, test } from "vitest";
import { setOf } from "../../src/linux/capabilities.js";
import { AUTOMATIC_CAPABILITIES, capabilitiesOf, RUNG_CAPABILITIES } from "../../src/model/privileges.js";
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
    expect(AUTOMATIC_CAPABILITIES).toEqual(expect.arrayContaining([...capabilitiesOf(rung)]));
});

test("watching needs none of the capabilities that change the host", () => {
  const wanted = new Set(RUNGS.flatMap(capabilitiesOf));
  for (const capability of ["CAP_DAC_OVERRIDE", "CAP_SYS_MODULE", "CAP_SETUID", "CAP_KILL", "CAP_SYS_RAWIO"])
    expect(wanted).not.toContain(capability);
});
