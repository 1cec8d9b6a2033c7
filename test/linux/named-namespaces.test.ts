import { mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { NamedNamespaces } from "../../src/linux/named-namespaces.js";

const OWN = "/proc/self/ns/net";

describe.runIf(process.platform === "linux")("names of network namespaces", () => {
  test("are those of what is bound in the folder; plain files are none", () => {
    const { folder, add } = folderOfTest();
    writeFileSync(join(folder, "aaa"), "");
    add("red");
    add("blue");
    expect([...new NamedNamespaces(folder).names(Date.now())]).toEqual([[statSync(OWN).ino, "blue"]]);
  });

  test("are read again when the folder changes, and are else the same map", () => {
    const { folder, add, setChanged } = folderOfTest();
    add("red");
    setChanged(1000);
    const namespaces = new NamedNamespaces(folder);
    const names = namespaces.names(1_000_000_000);
    expect(namespaces.names(1_000_001_000)).toBe(names);
    add("blue");
    setChanged(2000);
    expect([...namespaces.names(1_000_002_000).values()]).toEqual(["blue"]);
    rmSync(join(folder, "blue"));
    rmSync(join(folder, "red"));
    setChanged(3000);
    expect(namespaces.names(1_000_003_000).size).toBe(0);
  });

  test("that are bound a moment after the file was made are found", () => {
    const { folder, add, setChanged } = folderOfTest();
    writeFileSync(join(folder, "red"), "");
    setChanged(1000);
    const namespaces = new NamedNamespaces(folder);
    expect(namespaces.names(1_000_000).size).toBe(0);
    rmSync(join(folder, "red"));
    add("red");
    setChanged(1000);
    expect(namespaces.names(1_000_500).size).toBe(1);
  });

  test("are none where there is no folder, until there is", () => {
    const { folder, add } = folderOfTest();
    const namespaces = new NamedNamespaces(join(folder, "netns"));
    expect(namespaces.names(Date.now()).size).toBe(0);
    expect(namespaces.names(Date.now()).size).toBe(0);
    add("netns");
    expect(namespaces.names(Date.now()).size).toBe(0);
  });
});

interface Folder {
  readonly folder: string;
  /** A link has the namespace's inode as a mount has, and needs no privilege. */
  readonly add: (name: string) => void;
  readonly setChanged: (seconds: number) => void;
}

function folderOfTest(): Folder {
  const folder = mkdtempSync(join(tmpdir(), "netns-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    add: (name) => symlinkSync(OWN, join(folder, name)),
    setChanged: (seconds) => utimesSync(folder, seconds, seconds),
  };
}
