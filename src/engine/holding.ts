import type { Holder, SocketCookie } from "../model/sample.js";
import type { OpenRows } from "./open-rows.js";
import { hearHolders } from "./ownership.js";
import type { Row } from "./row.js";

/**
 * Who holds which socket in one sample. Holders of sockets that have an open row are noted in it, which costs half of a
 * Map of them all; the others are MPTCP sockets, whose rows are those of their subflows, and sockets that just closed.
 */
export class Holdings {
  readonly #open: OpenRows;
  readonly #tick: number;
  readonly #others = new Map<SocketCookie, Holder[]>();

  /** To be made when all rows of the sample are known. */
  constructor(open: OpenRows, tick: number) {
    this.#open = open;
    this.#tick = tick;
    open.beginList();
  }

  /** Takes one of the sample's holders. */
  note(holder: Holder): void {
    const row = this.#open.seek(holder.cookie);
    if (row === undefined) this.#noteOther(holder);
    else noteInRow(row, holder, this.#tick);
  }

  /** Brings the row's owners up to date. */
  hear(row: Row): void {
    const isHolding = row.isOpen && row.holderCookie === row.cookie;
    if (isHolding && row.heldTick !== this.#tick) return;
    if (isHolding && row.heldOwners === row.owners) return;
    const holders = isHolding ? holdersOf(row) : this.#holdersElsewhere(row);
    if (holders.length === 0) return;
    hearHolders(row, holders);
    row.heldOwners = row.owners;
  }

  #noteOther(holder: Holder): void {
    const holders = this.#others.get(holder.cookie);
    if (holders === undefined) this.#others.set(holder.cookie, [holder]);
    else holders.push(holder);
  }

  /** The holders of the MPTCP socket of a subflow, or of the socket of a closed connection, which may have a next one. */
  #holdersElsewhere({ holderCookie }: Row): readonly Holder[] {
    const holding = this.#open.get(holderCookie);
    return holding?.heldTick === this.#tick ? holdersOf(holding) : (this.#others.get(holderCookie) ?? []);
  }
}

function noteInRow(row: Row, holder: Holder, tick: number): void {
  if (row.heldTick === tick) {
    row.otherHolders ??= [];
    row.otherHolders.push(holder);
    row.heldOwners = null;
    return;
  }
  row.heldTick = tick;
  if (row.otherHolders === null && row.holderPid === holder.pid && row.holderComm === holder.comm) return;
  row.holderPid = holder.pid;
  row.holderComm = holder.comm;
  row.otherHolders = null;
  row.heldOwners = null;
}

function holdersOf({ holderCookie: cookie, holderPid, holderComm, otherHolders }: Row): readonly Holder[] {
  const first: Holder = { cookie, pid: holderPid, comm: holderComm };
  return otherHolders === null ? [first] : [first, ...otherHolders];
}
