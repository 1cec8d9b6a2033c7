import type { Sample, SocketReading } from "../model/sample.js";
import type { Totals, TrafficTotals } from "../model/snapshot.js";
import { DuplexTraffic, NOTHING_FOLDED } from "./traffic.js";

type Protocol = SocketReading["proto"];

/** What all connections of each protocol moved. */
export class ProtocolTraffic {
  readonly #tcp = new DuplexTraffic();
  readonly #udp = new DuplexTraffic();

  of(proto: Protocol): DuplexTraffic {
    return proto === "tcp" ? this.#tcp : this.#udp;
  }

  /** At the end of a sample. Only TCP's closes are folded. */
  totals({
    readNs,
    folded,
    stalled,
    uncounted,
  }: Sample): Omit<Totals, "open" | "listening" | "states" | "closed"> {
    const isStalled = stalled !== null;
    const tcp = this.#tcp.totals(folded, readNs, isStalled);
    const udp = this.#udp.totals(NOTHING_FOLDED, readNs, isStalled);
    const known = {
      tcp: uncounted?.includes("tcp") ? null : tcp,
      udp: uncounted?.includes("udp") ? null : udp,
    };
    const retransRate = this.#tcp.retrans.total(0, readNs, isStalled).rate;
    return { ...sum([known.tcp, known.udp]), retransRate, ...known };
  }
}

function sum(
  protocols: readonly (TrafficTotals | null)[],
): Pick<Totals, "txBytes" | "rxBytes" | "txRate" | "rxRate"> {
  const [first, ...others] = protocols.filter((totals) => totals !== null);
  if (first === undefined) return { txBytes: null, rxBytes: null, txRate: null, rxRate: null };
  return others.reduce(
    (a, b) => ({
      txBytes: a.txBytes + b.txBytes,
      rxBytes: a.rxBytes + b.rxBytes,
      txRate: addRates(a.txRate, b.txRate),
      rxRate: addRates(a.rxRate, b.rxRate),
    }),
    first,
  );
}

/** Both are measured over the same samples: both are known, or none. */
function addRates(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
