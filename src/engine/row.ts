import type { Connection } from "../model/connection.js";
import { connectionId, isListening } from "../model/connection.js";
import type { Limits } from "../model/limits.js";
import type {
  ClosedReading,
  ConnectionKey,
  Holder,
  Owner,
  SocketCookie,
  SocketReading,
  Tuple,
} from "../model/sample.js";
import type { EndReason } from "../model/tcp.js";
import type { Naming } from "./naming.js";
import type { Ownership } from "./ownership.js";
import { hearContext } from "./ownership.js";
import type { Meter } from "./rates.js";
import { meterFromFirstReading } from "./rates.js";
import { sameTuple, sameValues } from "./same.js";

/**
 * Who held a row's socket in the last sample in which somebody did. The first holder is kept as plain fields: most
 * sockets have one, the same each time, and finding so must not lead through objects all over the memory.
 */
export interface Holding {
  heldTick: number;
  holderPid: number;
  holderComm: string;
  otherHolders: Holder[] | null;
  /** The owners that these holders gave; null when these holders have not been heard yet. */
  heldOwners: readonly Owner[] | null;
}

/**
 * What the table keeps of one connection: changed in place, and shown as an immutable `Connection`. What each tick asks
 * of each row stands together, in the order of the fields that V8 keeps.
 */
export interface Row extends Ownership, Holding, Naming {
  readonly cookie: ConnectionKey;
  readonly incarnation: number;
  /** Of OpenRows: whether it is there, and its place in the last walk that met it. */
  isOpen: boolean;
  place: number;
  /** What the sample at hand brought: nothing, the notice of its opening, the same values again, or new ones. */
  news: "none" | "opened" | "same" | "values";
  /** Number of the last sample in which a walk or an event spoke of it. */
  heardTick: number;
  /** Walks since then that did not see it. */
  missedWalks: number;
  /** As last shown; null before the first time. */
  connection: Connection | null;
  /** Whether, and with which owners, it was shown at rest: it will be shown the same until something is new. */
  restsWith: readonly Owner[] | null;
  holderCookie: SocketCookie;
  tuple: Tuple;
  isListening: boolean;
  /** Among the open of which state it is counted; null for none (see StateCounts). */
  countedState: string | null;
  /** When the newest values were read, in ns since boot. */
  readNs: number;
  /** When those before the news were: from when the rate is measured, if from any time. */
  measuredNs: number;
  isMeasured: boolean;
  /** Of what the walks last said of it (`SocketReading.revision`). */
  revision: number | null;
  /** The same two instants by the clock of the readings; null where there is none. */
  clock: number | null;
  measuredClock: number | null;
  /** Kept over readings that do not know them. */
  openedNs: number | null;
  /** Whether all that it moved counts, though it is not known when it opened. */
  readonly countsFromZero: boolean;
  direction: "in" | "out" | null;
  readonly tx: Meter;
  readonly rx: Meter;
  limits: Limits | null;
  /** What is known of it: the newest reading of the sample at hand, else the row as last shown. Readings are not kept. */
  latest: SocketReading | Connection;
  end: RowEnd | null;
  /** Number of the last sample after which it was handed out to be looked up; 0 for never. */
  suspectedTick: number;
  readonly id: string;
}

export interface RowEnd {
  readonly reason: EndReason;
  /** When it closed, in ns since boot; null when that was not seen. */
  readonly closedNs: number | null;
  /** The sample that reported it: its number, and its instant in ns since boot. */
  readonly tick: number;
  readonly reportedNs: number;
}

export function createRow(reading: SocketReading, news: "opened" | "values", tick: number): Row {
  const row: Row = {
    cookie: reading.cookie,
    incarnation: reading.incarnation,
    isOpen: false,
    place: 0,
    news,
    heardTick: tick,
    missedWalks: 0,
    connection: null,
    restsWith: null,
    owners: [],
    namedOwners: null,
    heldTick: 0,
    heldOwners: null,
    holderPid: 0,
    holderComm: "",
    otherHolders: null,
    holderCookie: reading.holderCookie,
    tuple: reading.tuple,
    context: null,
    primaryPid: null,
    ownedNs: 0,
    process: null,
    netnsName: null,
    deviceIndex: null,
    deviceName: null,
    isListening: isListening(reading),
    countedState: null,
    readNs: reading.readNs,
    measuredNs: reading.readNs,
    isMeasured: false,
    clock: reading.clock,
    measuredClock: null,
    revision: null,
    openedNs: null,
    countsFromZero: reading.countsFromZero === true,
    direction: null,
    tx: meterFromFirstReading(),
    rx: meterFromFirstReading(),
    limits: null,
    latest: reading,
    end: null,
    suspectedTick: 0,
    id: connectionId(reading.cookie, reading.incarnation),
  };
  learn(row, reading, tick);
  return row;
}

/** Takes a reading of a walk. One that is not newer (a late walk, the earlier of two) brings no values. */
export function takeReading(row: Row, reading: SocketReading, tick: number): void {
  if (reading.revision !== null && reading.revision === row.revision) {
    repeat(row, reading, tick);
    return;
  }
  learn(row, reading, tick);
  const isDuplicate = row.news !== "none" && reading.readNs === row.readNs;
  if (reading.readNs <= row.readNs && !isDuplicate) return;
  takeNews(row, isSame(row, reading) ? "same" : "values", reading);
  row.revision = reading.revision;
}

/** Takes a reading that says what the walk before read: nothing of it has to be looked at but the time. */
function repeat(row: Row, reading: SocketReading, tick: number): void {
  row.heardTick = tick;
  row.missedWalks = 0;
  if (reading.readNs > row.readNs) takeNews(row, row.news === "values" ? "values" : "same", reading);
}

/**
 * Takes the notice of an opening that a walk was quicker to see. Its counters are those of the birth, so they never
 * replace what the walk read, whatever the two clocks say.
 */
export function takeOpening(row: Row, reading: SocketReading, tick: number): void {
  learn(row, reading, tick);
}

/** Takes the last word on a connection: final, even beside a reading with a later time. */
export function takeClose(row: Row, reading: ClosedReading, tick: number): void {
  learn(row, reading, tick);
  takeNews(row, "values", reading);
}

function isSame(row: Row, reading: SocketReading): boolean {
  return (
    row.news !== "values" &&
    row.connection !== null &&
    row.holderCookie === reading.holderCookie &&
    sameTuple(row.tuple, reading.tuple) &&
    sameValues(row.connection, reading)
  );
}

function takeNews(row: Row, news: "same" | "values", reading: SocketReading): void {
  if (row.news === "none") {
    row.measuredNs = row.readNs;
    row.measuredClock = row.clock;
  }
  row.news = news;
  row.readNs = reading.readNs;
  row.clock = reading.clock;
  if (news === "same") return;
  row.latest = reading;
  row.tuple = reading.tuple;
  row.isListening = isListening(reading);
  row.holderCookie = reading.holderCookie;
}

/** What any word on a connection tells beside its values. */
function learn(row: Row, reading: SocketReading, tick: number): void {
  if (row.openedNs === null || row.direction === null) learnBirth(row, reading);
  hearContext(row, reading.owner);
  row.heardTick = tick;
  row.missedWalks = 0;
}

function learnBirth(row: Row, { openedNs, direction }: SocketReading): void {
  const isNews =
    (row.openedNs === null && openedNs !== null) || (row.direction === null && direction !== null);
  if (!isNews) return;
  row.openedNs ??= openedNs;
  row.direction ??= direction;
  row.restsWith = null;
}
