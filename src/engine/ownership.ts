import type { Holder, Owner, OwnerSource } from "../model/sample.js";

/**
 * Who owns a connection. Two witnesses speak of it:
 * - the context: the process in whose context the socket connected, was accepted, was used or closed;
 * - the holders: the processes that have the socket open, read from their file tables.
 * Holders are the present, the context is the past: a process that connected and passed the socket on (SCM_RIGHTS) is
 * no owner any more once holders are known. Where nobody holds it (closed, orphaned), the last known owners stay.
 */
export interface Ownership {
  /** By ascending pid, each pid once. Replaced, never changed. */
  owners: readonly Owner[];
  /** What the context said last: said again it is no news, else an owner that let go would return. */
  context: Owner | null;
}

const RANK: Readonly<Record<OwnerSource, number>> = { connect: 2, accept: 2, io: 1, holder: 0 };

/** Takes what a reading, an event or a late report says of the owner. */
export function hearContext(ownership: Ownership, owner: Owner | null): void {
  if (owner === null || sameOwner(owner, ownership.context)) return;
  const isNews = owner.pid !== ownership.context?.pid || owner.source !== ownership.context.source;
  ownership.context = owner;
  const isOwner = ownership.owners.some(({ pid }) => pid === owner.pid);
  if (isNews || isOwner) ownership.owners = withOwner(ownership.owners, owner);
}

/** Takes who holds the socket now. To be called only when somebody does. */
export function hearHolders(ownership: Ownership, holders: readonly Holder[]): void {
  const pids = new Set(holders.map((holder) => holder.pid));
  const known = withReturned(ownership);
  let owners: readonly Owner[] = known.filter((owner) => pids.has(owner.pid));
  for (const { pid, comm } of holders) owners = withOwner(owners, { pid, comm, source: "holder" });
  if (!sameOwners(owners, ownership.owners)) ownership.owners = owners;
}

/** The owners, and of whom the context spoke: it may have let go, and hold the socket again. */
function withReturned({ owners, context }: Ownership): readonly Owner[] {
  if (context === null || owners.some(({ pid }) => pid === context.pid)) return owners;
  return withOwner(owners, context);
}

/** The owner that stands for all: who connected or accepted, else who used it, else the lowest pid. */
export function primaryOwner(owners: readonly Owner[]): Owner | null {
  let primary: Owner | null = null;
  for (const owner of owners) {
    if (primary === null || RANK[owner.source] > RANK[primary.source]) primary = owner;
  }
  return primary;
}

/** The owners with one more word on one process: the better source and the newer name win, no name never does. */
function withOwner(owners: readonly Owner[], owner: Owner): readonly Owner[] {
  const known = owners.find(({ pid }) => pid === owner.pid);
  if (known === undefined) return [...owners, owner].sort((a, b) => a.pid - b.pid);
  const merged: Owner = {
    pid: owner.pid,
    comm: owner.comm === "" ? known.comm : owner.comm,
    source: RANK[owner.source] > RANK[known.source] ? owner.source : known.source,
  };
  return sameOwner(merged, known) ? owners : owners.map((other) => (other === known ? merged : other));
}

function sameOwners(a: readonly Owner[], b: readonly Owner[]): boolean {
  return a.length === b.length && a.every((owner, index) => sameOwner(owner, b[index] ?? null));
}

function sameOwner(a: Owner, b: Owner | null): boolean {
  return b !== null && a.pid === b.pid && a.source === b.source && a.comm === b.comm;
}
