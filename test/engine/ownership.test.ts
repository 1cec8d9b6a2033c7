import { describe, expect, it } from "vitest";
import type { Ownership } from "../../src/engine/ownership.js";
import { hearContext, hearHolders, primaryOwner } from "../../src/engine/ownership.js";
import { owner } from "./example-samples.js";

function nobody(): Ownership {
  return { owners: [], context: null };
}

function holder(pid: number, comm = `comm-${pid}`) {
  return { cookie: 1, pid, comm };
}

describe("hearContext", () => {
  it("keeps all of whom the context spoke, by ascending pid", () => {
    const ownership = nobody();
    hearContext(ownership, owner(20, "connect"));
    hearContext(ownership, owner(10, "io"));
    hearContext(ownership, null);
    expect(ownership.owners).toEqual([owner(10, "io"), owner(20, "connect")]);
  });

  it("takes the better source and the newer name of a process, but never no name", () => {
    const ownership = nobody();
    hearContext(ownership, owner(10, "connect", "sh"));
    hearContext(ownership, owner(10, "io", "curl"));
    hearContext(ownership, owner(10, "io", ""));
    expect(ownership.owners).toEqual([owner(10, "connect", "curl")]);
  });

  it("keeps the same list when it hears the same again", () => {
    const ownership = nobody();
    hearContext(ownership, owner(10));
    const { owners } = ownership;
    hearContext(ownership, owner(10));
    expect(ownership.owners).toBe(owners);
  });
});

describe("hearHolders", () => {
  it("takes each process once, whatever number of descriptors it has", () => {
    const ownership = nobody();
    hearHolders(ownership, [holder(30), holder(20), holder(30)]);
    expect(ownership.owners).toEqual([owner(20, "holder"), owner(30, "holder")]);
  });

  it("keeps the source of a holder that the context knows better", () => {
    const ownership = nobody();
    hearContext(ownership, owner(20, "accept"));
    hearHolders(ownership, [holder(20), holder(10)]);
    expect(ownership.owners).toEqual([owner(10, "holder"), owner(20, "accept")]);
  });

  it("drops who connected and passed the socket on, also when the context repeats itself", () => {
    const ownership = nobody();
    hearContext(ownership, owner(20, "connect"));
    hearHolders(ownership, [holder(30)]);
    expect(ownership.owners).toEqual([owner(30, "holder")]);
    hearContext(ownership, owner(20, "connect"));
    hearContext(ownership, owner(20, "connect", "renamed"));
    expect(ownership.owners).toEqual([owner(30, "holder")]);
  });

  it("knows again who took the socket back", () => {
    const ownership = nobody();
    hearContext(ownership, owner(20, "connect"));
    hearHolders(ownership, [holder(30)]);
    hearHolders(ownership, [holder(20), holder(30)]);
    expect(ownership.owners).toEqual([owner(20, "connect"), owner(30, "holder")]);
  });

  it("takes a holder's name for newer than the one noted at connect", () => {
    const ownership = nobody();
    hearContext(ownership, owner(20, "connect", "sh"));
    hearHolders(ownership, [holder(20, "curl")]);
    expect(ownership.owners).toEqual([owner(20, "connect", "curl")]);
    hearHolders(ownership, [holder(20, "")]);
    expect(ownership.owners).toEqual([owner(20, "connect", "curl")]);
  });

  it("keeps the same list while the holders are the same", () => {
    const ownership = nobody();
    hearHolders(ownership, [holder(30), holder(20)]);
    const { owners } = ownership;
    hearHolders(ownership, [holder(20), holder(30)]);
    expect(ownership.owners).toBe(owners);
  });
});

describe("primaryOwner", () => {
  it("prefers who connected or accepted, then who used it, then the lowest pid", () => {
    expect(primaryOwner([])).toBeNull();
    expect(primaryOwner([owner(1, "holder"), owner(2, "holder")])?.pid).toBe(1);
    expect(primaryOwner([owner(1, "holder"), owner(2, "io")])?.pid).toBe(2);
    expect(primaryOwner([owner(1, "holder"), owner(2, "io"), owner(3, "accept")])?.pid).toBe(3);
    expect(primaryOwner([owner(4, "accept"), owner(5, "connect")])?.pid).toBe(4);
  });
});
