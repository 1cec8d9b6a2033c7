import { deviceIndex } from "../model/connection.js";
import type { ProcessDetails } from "../model/process-details.js";
import type { Sample } from "../model/sample.js";
import { primaryOwner } from "./ownership.js";
import type { Row } from "./row.js";

/** Joins what samples know of processes, namespaces and devices to rows. */
export class Names {
  #processes: ReadonlyMap<number, ProcessDetails> = new Map();
  #namespaces: ReadonlyMap<number, string> = new Map();
  #devices: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map();
  #hasNewProcesses = false;
  #hasNewNamespaces = false;
  #hasNewDevices = false;
  #readNs = 0;

  beginSample({ processes, namespaces, devices, readNs }: Sample): void {
    this.#readNs = readNs;
    this.#hasNewProcesses = processes !== undefined && processes !== this.#processes;
    this.#hasNewNamespaces = namespaces !== undefined && namespaces !== this.#namespaces;
    this.#hasNewDevices = devices !== undefined && devices !== this.#devices;
    this.#processes = processes ?? this.#processes;
    this.#namespaces = namespaces ?? this.#namespaces;
    this.#devices = devices ?? this.#devices;
  }

  /** As the last sample had them that knew any. */
  get processes(): ReadonlyMap<number, ProcessDetails> {
    return this.#processes;
  }

  /** Whether this sample knows of other processes, namespaces or devices than the one before. */
  get hasNews(): boolean {
    return this.#hasNewProcesses || this.#hasNewNamespaces || this.#hasNewDevices;
  }

  /** Brings the row up to date; one whose owners are the same as before, only when there is news. */
  hear(row: Row): void {
    const hasNewOwners = row.namedOwners !== row.owners;
    if (hasNewOwners) this.#noteOwners(row);
    if (hasNewOwners || this.#hasNewProcesses) this.#nameProcess(row);
    if (this.#hasNewNamespaces || row.connection === null) this.#nameNamespace(row);
    const device = deviceIndex(row.latest);
    if (this.#hasNewDevices || device !== row.deviceIndex) this.#nameDevice(row, device);
  }

  #nameProcess(row: Row): void {
    const process = this.#processOf(row);
    if (process === row.process) return;
    row.process = process;
    row.restsWith = null;
  }

  #nameNamespace(row: Row): void {
    const name = this.#namespaces.get(row.latest.netns) ?? row.netnsName;
    if (name === row.netnsName) return;
    row.netnsName = name;
    row.restsWith = null;
  }

  #nameDevice(row: Row, device: number | null): void {
    const known = device === row.deviceIndex ? row.deviceName : null;
    const name = device === null ? null : (this.#devices.get(row.latest.netns)?.get(device) ?? known);
    row.deviceIndex = device;
    if (name === row.deviceName) return;
    row.deviceName = name;
    row.restsWith = null;
  }

  #noteOwners(row: Row): void {
    const pid = primaryOwner(row.owners)?.pid ?? null;
    if (pid !== row.primaryPid) row.process = null;
    row.namedOwners = row.owners;
    row.primaryPid = pid;
    row.ownedNs = row.end === null ? this.#readNs : row.readNs;
  }

  /** A process that started after it was heard of as the owner is another one with its pid. */
  #processOf({ primaryPid, ownedNs, process }: Row): ProcessDetails | null {
    if (primaryPid === null) return null;
    const known = this.#processes.get(primaryPid);
    return known === undefined || known.startedNs > ownedNs ? process : known;
  }
}
