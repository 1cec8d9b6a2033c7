import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findMountedNamespaces } from "../../src/linux/mounted-namespaces.js";

function fileOfTest(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "mountinfo");
  writeFileSync(file, text);
  return file;
}

test("network namespaces by where they are mounted, and nothing else", () => {
  const file = fileOfTest(
    [
      "22 1 0:21 / /proc rw,nosuid - proc proc rw",
      "35 28 0:4 net:[4026532281] /run/netns/red rw shared:19 - nsfs nsfs rw",
      "36 28 0:4 mnt:[4026532300] /run/snapd/ns/x.mnt rw - nsfs nsfs rw",
      "37 28 0:4 net:[4026532400] /run/docker/netns/a\\040b rw - nsfs nsfs rw",
      "",
    ].join("\n"),
  );
  expect(findMountedNamespaces(file)).toEqual(
    new Map([
      [4026532281, "/run/netns/red"],
      [4026532400, "/run/docker/netns/a b"],
    ]),
  );
});

test("none where that can't be read", () => {
  expect(findMountedNamespaces("/nonexistent")).toEqual(new Map());
});
