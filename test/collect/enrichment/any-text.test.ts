import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cgroupMembership } from "../../../src/collect/enrichment/cgroup-membership.js";
import { commandLine } from "../../../src/collect/enrichment/command-line.js";
import { startTicks } from "../../../src/collect/enrichment/process-start.js";
import { parsePasswd } from "../../../src/collect/enrichment/user-names.js";
import { harmless } from "../../../src/model/text.js";

// What processes and users can write into /proc and /etc/passwd, which is anything.

const ID = "0123456789abcdef".repeat(4);
const pieces = fc.constantFrom(
  ...[
    "/",
    ":",
    "-",
    ".scope",
    ".service",
    "\\x2d",
    "\\x1b",
    " (deleted)",
    "\n",
    "0::/",
    "1:cpu:/",
    "name=systemd",
  ],
  ...[
    "docker-",
    "kubepods",
    "pod",
    "lxc.payload.",
    "machine-",
    "user.slice",
    ID,
    "\u001b[2J",
    "\u202e",
    "\0",
    "a-",
  ],
);
const text = fc
  .array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 30 })
  .map((all) => all.join(""));

describe("of any text", () => {
  test("a cgroup is a place, or none", () => {
    fc.assert(
      fc.property(text, (cgroup) => {
        const membership = cgroupMembership(`0::/${cgroup}`);
        expect(membership?.path).toMatch(/^\//);
        expect(membership?.placement?.name).not.toBe("");
      }),
    );
  });

  test("a command line is one harmless line, or none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), text, (bytes, more) => {
        const line = commandLine(Buffer.concat([bytes, Buffer.from(more)]));
        expect(line).not.toBe("");
        expect(harmless(line ?? "")).toBe(line ?? "");
      }),
    );
  });

  test("a start is a number of ticks, or none", () => {
    fc.assert(
      fc.property(text, fc.array(fc.oneof(fc.nat().map(String), text), { maxLength: 30 }), (name, fields) => {
        expect(startTicks(`1 (${name}) ${fields.join(" ")}`)).not.toBeNaN();
      }),
    );
  });

  test("users have numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text).map((fields) => fields.join(":"))), (lines) => {
        for (const [uid, name] of parsePasswd(lines.join("\n"))) {
          expect(uid).not.toBeNaN();
          expect(name).not.toBe("");
        }
      }),
    );
  });
});

test("a command line that is all separators but for its end takes no longer than another", () => {
  // Were it looked at anew from each of them, this would take hours.
  const bytes = Buffer.alloc(4_000_000);
  bytes.write("x", bytes.length - 1);
  expect(commandLine(bytes)).toBe("x");
});
