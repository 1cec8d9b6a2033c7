import { formatEndpoint } from "../../model/address.js";
import { COLUMNS, hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { connectionAgeMs, isListening } from "../../model/connection.js";
import type { ProcessDetails } from "../../model/process-details.js";
import { harmless } from "../../model/text.js";
import { wrapText } from "../../model/text-width.js";
import { formatAmount, formatDuration, formatMicroseconds, formatRate } from "../../model/units.js";
import { contextOf, type LiveState, type Overlay } from "../live/state.js";
import { acceptQueueLines } from "./accept-queue.js";
import { besides, roundTripLines, trafficLines } from "./charts.js";
import { shownKey } from "./hints.js";
import { known, labelled, listed, told } from "./labelled.js";
import { clipSpans, EMPTY_LINE, type Line, line, outsideSpan, span, spansWidth } from "./line.js";
import { resends } from "./row-styles.js";
import { slownessLines } from "./slowness.js";
import { tcpLines } from "./tcp-words.js";

/** Names of columns in the list of all of them. */
const NAME_WIDTH = 20;
/** Of a command line; all of it stands at the end of the page. */
const COMMAND_LINES = 3;
const MAX_CHART_COLUMNS = 120;
const TALL_ROWS = 36;
/** From here on charts stand beside the words, which have this much. */
const WIDE_COLUMNS = 160;
const WORDS_COLUMNS = 90;
const CHARTS_FROM = WORDS_COLUMNS + 2;

type Detail = Extract<Overlay, { kind: "detail" }>;

/** One connection, looked at closely: what a small terminal shows without scrolling is why it is slow, whose it is, and what it moves. */
export function detailLines(state: LiveState, { key, last: connection }: Detail): readonly Line[] {
  const { columns } = state.size;
  const isWide = columns >= WIDE_COLUMNS;
  const width = isWide ? WORDS_COLUMNS : columns;
  const words = [
    ...wordsBeforeCharts(connection, state.shown.processes, width),
    ...(isWide ? [] : chartsOf(connection, state, Math.min(columns, MAX_CHART_COLUMNS))),
    EMPTY_LINE,
    ...placeLines(connection, state),
    EMPTY_LINE,
    line([span(" All that is known, by the names of the outputs' columns", "strong")]),
    ...everyColumn(connection, state, width),
  ];
  const isGone = state.rows.find(key) === null;
  return [
    ...titleLines(connection, state),
    ...(isGone ? [line([span(" No more in the table: this is what it was.", "warning")])] : []),
    ...(isWide ? withBeside(words, chartsOf(connection, state, columns - CHARTS_FROM)) : words),
  ];
}

type Processes = LiveState["shown"]["processes"];

function wordsBeforeCharts(connection: Connection, processes: Processes, width: number): readonly Line[] {
  if (isListening(connection))
    return [
      ...acceptQueueLines(connection, width),
      EMPTY_LINE,
      ...ownerLines(connection, processes, width),
      EMPTY_LINE,
      ...queueLines(connection, width),
    ];
  return [
    ...slownessLines(connection, width),
    EMPTY_LINE,
    ...ownerLines(connection, processes, width),
    EMPTY_LINE,
    ...movedLines(connection, width),
    ...tcpLines(connection, width),
    ...queueLines(connection, width),
  ];
}

function withBeside(words: readonly Line[], charts: readonly Line[]): readonly Line[] {
  return words.map((one, index) => {
    const chart = charts[index];
    if (chart === undefined) return one;
    return besides(line(clipSpans(one.spans, WORDS_COLUMNS)), chart, CHARTS_FROM);
  });
}

/** What moved, and how far the other end was, since the connection is on the screen. */
function chartsOf(connection: Connection, state: LiveState, columns: number): readonly Line[] {
  const { rttUs } = connection;
  const { rowPast, size, chartSymbols } = state;
  if (isListening(connection)) return [];
  if (rowPast.length < 2)
    return [EMPTY_LINE, ...told("history", whyNoCharts(connection, state), "dim", columns)];
  const isTall = size.rows >= TALL_ROWS;
  return [
    EMPTY_LINE,
    ...trafficLines(rowPast, { columns, rows: isTall ? 6 : 4 }, chartSymbols),
    ...(rttUs === null
      ? []
      : [EMPTY_LINE, ...roundTripLines(rowPast, { columns, rows: isTall ? 3 : 2 }, chartSymbols)]),
  ];
}

/** History is of what has been on the screen, and has an end. */
function whyNoCharts({ closed }: Connection, { rowPast, isPaused, keys }: LiveState): string {
  if (closed) return "too little is kept for a chart";
  if (!isPaused) return "begins now";
  const [step] = keys.table.find(({ command }) => command === "step")?.keys ?? [];
  const further = step === undefined ? "" : `; ${shownKey(step)} goes on to what is now`;
  return `${rowPast.length > 0 ? "begins at this moment" : "none is kept of this moment"}${further}`;
}

/** What waits at this end, and what found no room. */
function queueLines({ sendQueue, recvQueue, drops }: Connection, width: number): readonly Line[] {
  const lines: Line[] = [];
  if (sendQueue !== null || recvQueue !== null) {
    const waits = [
      span(`${formatAmount(sendQueue)} not yet acknowledged`),
      span(`${formatAmount(recvQueue)} not yet read by the program`),
    ];
    lines.push(...listed("queues", waits, width));
  }
  if (drops !== null) {
    const text = `${drops} datagrams found the receive buffer full`;
    lines.push(labelled("dropped", [span(text, drops > 0 ? "warning" : "plain")]));
  }
  return lines;
}

/** Both ends, and the state and age, which have a line of their own where there is no room beside them. */
function titleLines(connection: Connection, state: LiveState): readonly Line[] {
  const { proto, localAddr, localPort, remoteAddr, remotePort, direction, closed, endReason } = connection;
  const peer = hasPeer(connection) ? formatEndpoint(remoteAddr, remotePort) : "*";
  const ends = `${formatEndpoint(localAddr, localPort)} ${direction === "in" ? "<-" : "->"} ${peer}`;
  const reason = endReason === null || endReason === "closed" ? "" : `: ${endReason}`;
  const status = closed ? `closed${reason}` : connection.state;
  const what = outsideSpan(` ${proto} ${ends}`, "title");
  const how = span(`  ${status}  ${ageText(connection, state)}`, "title");
  const fits = spansWidth([what, how]) <= state.size.columns;
  return fits ? [line([what, how], "title")] : [line([what], "title"), line([how], "title")];
}

/** Each process that owns it, and what is known of that; of workers that are all alike, once. */
function ownerLines(connection: Connection, processes: Processes, width: number): readonly Line[] {
  const { owners, pid, process } = connection;
  if (owners.length === 0) return [known("owner", null)];
  let before: ProcessDetails | null = null;
  return owners.flatMap((owner, index) => {
    const details = owner.pid === pid ? process : (processes.get(owner.pid) ?? null);
    const isNews = details !== null && (before === null || !isAlike(details, before));
    before = details ?? before;
    const stands = owner.pid === pid && owners.length > 1 ? ", stands for all" : "";
    const one = labelled(index === 0 ? "owner" : "", [
      span(`${owner.pid} `),
      outsideSpan(owner.comm, "strong"),
      span(` (${owner.source}${stands})`, "dim"),
    ]);
    return [one, ...(isNews ? processLines(details, width) : [])];
  });
}

function isAlike(a: ProcessDetails, b: ProcessDetails): boolean {
  return a.cmdline === b.cmdline && a.user === b.user && a.container === b.container;
}

/** A process that is in no container, or unit, has none to show. */
function processLines({ cmdline, user, container }: ProcessDetails, width: number): readonly Line[] {
  return [
    ...(cmdline === null
      ? [known("command", null)]
      : told("command", harmless(cmdline), "plain", width, COMMAND_LINES)),
    known("user", user),
    ...(container === null ? [] : [known("container", container)]),
  ];
}

function placeLines(
  { process: details, netns, netnsName, localAddr, remoteAddr }: Connection,
  state: LiveState,
): readonly Line[] {
  const { settings, hostNames } = state;
  const nameLine = (label: string, address: string) => known(label, hostNames.get(address) ?? null);
  return [
    ...(settings.names ? [nameLine("local name", localAddr), nameLine("remote name", remoteAddr)] : []),
    ...(details === null ? [] : [known("cgroup", details.cgroup)]),
    labelled("namespace", [outsideSpan(netnsName ?? String(netns))]),
  ];
}

function ageText(connection: Connection, state: LiveState): string {
  const ageMs = connectionAgeMs(connection, contextOf(state).readNs);
  if (ageMs === null) return connection.openedNs === null ? "older than tcptop" : "";
  return connection.closed ? `lived for ${formatDuration(ageMs)}` : `for ${formatDuration(ageMs)}`;
}

function movedLines(connection: Connection, width: number): readonly Line[] {
  const { txBytes, rxBytes, txRate, rxRate, rttUs, retrans, retransBytes } = connection;
  const again =
    retrans === null
      ? []
      : [
          span(
            `${retrans} segments sent again (${formatAmount(retransBytes)})`,
            resends(connection) ? "warning" : "plain",
          ),
        ];
  return [
    ...listed(
      "sent",
      [span(formatAmount(txBytes)), span(`now ${formatRate(txRate)}`, "strong"), ...again],
      width,
    ),
    ...listed("received", [span(formatAmount(rxBytes)), span(`now ${formatRate(rxRate)}`, "strong")], width),
    ...(rttUs === null ? [] : listed("round trip", roundTripWords(connection), width)),
  ];
}

function roundTripWords({ rttUs, rttvarUs, minRttUs }: Connection) {
  return [
    span(timeText(rttUs), "strong"),
    span(`varies by ${timeText(rttvarUs)}`),
    span(`at least ${timeText(minRttUs)}`),
  ];
}

/** Every column that has a value, by the name that it has in all outputs. */
function everyColumn(connection: Connection, state: LiveState, width: number): readonly Line[] {
  const context = contextOf(state);
  return COLUMNS.flatMap((column) => {
    const value = column.value(connection, context);
    if (value === null || column.name === "time" || column.name === "host") return [];
    const lines = wrapText(harmless(String(value)), Math.max(1, width - NAME_WIDTH - 1));
    return lines.map((text, index) =>
      line([span(` ${(index === 0 ? column.name : "").padEnd(NAME_WIDTH)}`, "label"), span(text)]),
    );
  });
}

function timeText(us: number | null): string {
  return us === null ? "-" : formatMicroseconds(us);
}
