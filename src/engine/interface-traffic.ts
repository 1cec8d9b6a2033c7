import type { InterfaceReading, Sample } from "../model/sample.js";
import type { DeviceTotals, InterfaceTotals } from "../model/snapshot.js";
import { DuplexTraffic, NOTHING_FOLDED } from "./traffic.js";

interface Device {
  readonly traffic: DuplexTraffic;
  txBytes: number;
  rxBytes: number;
  seenIn: number;
}

/** What passed the network devices since the first sample. */
export class InterfaceTraffic {
  readonly #sum = new DuplexTraffic();
  readonly #devices = new Map<string, Device>();
  #sample = 0;

  /** At the end of a sample; null when it can't tell which devices count the same traffic again, or did not look. */
  totals({ interfaces, interfacesReadNs, readNs, stalled }: Sample): InterfaceTotals | null {
    const readings = interfaces?.filter(tellsStack) ?? [];
    // The next sample that can tell counts from the last one that could.
    if (interfaces === undefined || readings.length < interfaces.length) return null;
    this.#sample += 1;
    for (const reading of readings) this.#take(reading);
    this.#forgetGone();
    const isStalled = stalled !== null;
    const atNs = interfacesReadNs ?? readNs;
    return {
      ...this.#sum.totals(NOTHING_FOLDED, atNs, isStalled),
      names: readings.flatMap(({ name, isStacked }) => (isStacked ? [] : [name])),
      devices: readings.flatMap((reading) => this.#device(reading, atNs, isStalled)),
    };
  }

  /** A device is counted from its first reading: it may have come from another namespace, with all that it did there. */
  #take({ name, txBytes, rxBytes, isStacked }: StackedReading): void {
    const device = this.#devices.get(name);
    if (device === undefined) {
      this.#devices.set(name, { traffic: new DuplexTraffic(), txBytes, rxBytes, seenIn: this.#sample });
      return;
    }
    const tx = moved(device.txBytes, txBytes);
    const rx = moved(device.rxBytes, rxBytes);
    device.txBytes = txBytes;
    device.rxBytes = rxBytes;
    device.seenIn = this.#sample;
    add(device.traffic, tx, rx);
    if (!isStacked) add(this.#sum, tx, rx);
  }

  #forgetGone(): void {
    for (const [name, { seenIn }] of this.#devices) if (seenIn !== this.#sample) this.#devices.delete(name);
  }

  #device({ name, isStacked }: StackedReading, atNs: number, isStalled: boolean): readonly DeviceTotals[] {
    const totals = this.#devices.get(name)?.traffic.totals(NOTHING_FOLDED, atNs, isStalled);
    return totals === undefined ? [] : [{ name, isStacked, ...totals }];
  }
}

type StackedReading = InterfaceReading & { readonly isStacked: boolean };

function tellsStack(reading: InterfaceReading): reading is StackedReading {
  return reading.isStacked !== null;
}

/** Counters that went back are those of another device with the name, or were set to zero. */
function moved(before: number, now: number): number {
  return now >= before ? now - before : now;
}

function add(traffic: DuplexTraffic, tx: number, rx: number): void {
  traffic.tx.add(tx);
  traffic.rx.add(rx);
}
