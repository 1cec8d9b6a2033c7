import { readFileSync } from "node:fs";
import { harmless } from "../model/text.js";
import { listFolder } from "./list-folder.js";

/** What a network device of this process's own namespace has counted since it was made. */
export interface InterfaceCounters {
  /** Free of control characters. */
  readonly name: string;
  readonly txBytes: number;
  readonly rxBytes: number;
  /** Whether it stands on others, which count its traffic too; null when sysfs does not show this namespace. */
  readonly isStacked: boolean | null;
}

/** Where the counters are. Unlike rtnetlink, it waits for no lock: one is held for as long as namespaces are torn down. */
const COUNTERS = "/proc/self/net/dev";
const DEVICES = "/sys/class/net";

/** Devices are put upon others (a bridge gets its ports) without any change to the list of them. */
const STACKS_LAST_MS = 10_000;
/** A device that came or went between two looks is in one of them only. */
const DISAGREEMENT_LASTS_MS = 1_000;

/** Reads the devices of this process's own network namespace; what stands on what is kept while no device comes or goes. */
export class NetworkInterfaces {
  readonly #counters: string;
  readonly #devices: string;
  #names = "";
  #stacked: ReadonlySet<string> | null = null;
  #stackedReadMs = Number.NEGATIVE_INFINITY;

  constructor(counters: string = COUNTERS, devices: string = DEVICES) {
    this.#counters = counters;
    this.#devices = devices;
  }

  /** In the kernel's order; null where there is no such file. `nowMs` may count from anywhere. */
  read(nowMs: number): readonly InterfaceCounters[] | null {
    const text = readOrNull(this.#counters);
    if (text === null) return null;
    const rows = parseRows(text);
    this.#lookAtStacks(
      rows.map(({ name }) => name),
      nowMs,
    );
    return rows.map(({ name, txBytes, rxBytes }) => ({
      name: harmless(name),
      txBytes,
      rxBytes,
      isStacked: this.#stacked?.has(name) ?? null,
    }));
  }

  #lookAtStacks(names: readonly string[], nowMs: number): void {
    const key = [...names].sort().join("/");
    const lastsMs = this.#stacked === null ? DISAGREEMENT_LASTS_MS : STACKS_LAST_MS;
    if (key === this.#names && nowMs - this.#stackedReadMs < lastsMs) return;
    this.#names = key;
    this.#stackedReadMs = nowMs;
    this.#stacked = this.#readStacked(key);
  }

  /** Null where sysfs is that of another namespace: `nsenter --net` leaves it mounted. */
  #readStacked(key: string): ReadonlySet<string> | null {
    const names = listFolder(this.#devices).filter(
      (name) => listFolder(`${this.#devices}/${name}`).length > 0,
    );
    if (names.sort().join("/") !== key) return null;
    return new Set(names.filter((name) => this.#standsOnOthers(name)));
  }

  #standsOnOthers(name: string): boolean {
    return listFolder(`${this.#devices}/${name}`).some((file) => file.startsWith("lower_"));
  }
}

type Row = Omit<InterfaceCounters, "isStacked">;

/** "  eth0: " and 16 numbers: the first is bytes received, the ninth bytes sent (dev_seq_printf_stats, net/core/net-procfs.c). */
function parseRows(text: string): readonly Row[] {
  return text.split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    const numbers = line
      .slice(colon + 1)
      .trim()
      .split(/ +/)
      .map(Number);
    const [rxBytes, , , , , , , , txBytes] = numbers;
    if (colon < 0 || rxBytes === undefined || txBytes === undefined) return [];
    return [{ name: line.slice(0, colon).trim(), txBytes, rxBytes }];
  });
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
