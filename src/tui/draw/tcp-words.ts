import type { Connection } from "../../model/connection.js";
import { isListening } from "../../model/connection.js";
import type { TcpDetails } from "../../model/tcp-details.js";
import { formatAmount, formatBytes, formatRate } from "../../model/units.js";
import { known, listed } from "./labelled.js";
import { type Line, outsideSpan, type Span, span } from "./line.js";

/** What TCP says of its sending and its windows, in words; of UDP, and of what listens, nothing. */
export function tcpLines(connection: Connection, width: number): readonly Line[] {
  const { proto, tcp } = connection;
  if (proto !== "tcp" || isListening(connection)) return [];
  if (tcp === null) return [known("congestion", null)];
  return [
    ...listed("congestion", congestionWords(connection, tcp), width),
    ...listed("in flight", flightWords(tcp), width),
    ...listed("windows", windowWords(tcp), width),
    ...listed("segments", segmentWords(tcp), width),
    // Of what has ended there is no such moment.
    ...(connection.closed ? [] : listed("sending", sendingWords(tcp), width)),
  ];
}

/** How much may be under way, and who says so. */
function congestionWords({ cwnd, deliveryRate }: Connection, { mss, congestionAlgorithm }: TcpDetails) {
  const bytes = cwnd === null ? "" : ` = ${formatAmount(cwnd * mss)}`;
  return [
    congestionAlgorithm === null ? notKnown("algorithm") : outsideSpan(congestionAlgorithm, "strong"),
    cwnd === null ? notKnown("window") : span(`window of ${formatCount(cwnd)} x ${mss}B${bytes}`),
    ...(deliveryRate === null ? [] : [span(`delivered ${formatRate(deliveryRate)} when last measured`)]),
  ];
}

function flightWords({ inFlight, lost, unsentBytes }: TcpDetails): readonly Span[] {
  return [
    span(`${formatCount(inFlight)} segments not acknowledged`),
    span(`${formatCount(lost)} of them taken for lost`, lost > 0 ? "warning" : "plain"),
    unsentBytes === null
      ? notKnown("what waits behind them")
      : span(`${formatAmount(unsentBytes)} waits behind them`),
  ];
}

/** What the ends take of each other before they say more. */
function windowWords({ sendWindow, receiveWindow }: TcpDetails): readonly Span[] {
  return [
    sendWindow === null
      ? notKnown("what the peer takes")
      : span(`the peer takes ${formatAmount(sendWindow)}`, sendWindow === 0 ? "warning" : "plain"),
    receiveWindow === null
      ? notKnown("what this end takes")
      : span(`this end takes ${formatAmount(receiveWindow)}`, receiveWindow === 0 ? "warning" : "plain"),
  ];
}

function segmentWords({ dataSegmentsOut, dataSegmentsIn }: TcpDetails): readonly Span[] {
  return [
    dataSegmentsOut === null ? notKnown("sent") : span(`${formatCount(dataSegmentsOut)} with data sent`),
    dataSegmentsIn === null ? notKnown("received") : span(`${formatCount(dataSegmentsIn)} received`),
  ];
}

/** What holds at this moment, of what may hold sending up. */
function sendingWords({ isCwndLimited, isAppLimited, waitsForRoom, timeouts }: TcpDetails): readonly Span[] {
  const words: Span[] = [];
  if (timeouts > 0)
    words.push(span(`${timeouts} time-outs since the peer last acknowledged anything`, "warning"));
  if (waitsForRoom === true) words.push(span("the program waits for room in the send buffer"));
  if (isCwndLimited) words.push(span("the congestion window is full"));
  if (isAppLimited) words.push(span("the program had no more to send"));
  return words.length === 0 ? [span("nothing holds it up at this moment", "dim")] : words;
}

function notKnown(what: string): Span {
  return span(`${what} not known`, "dim");
}

/** To 9,999 in full. */
function formatCount(count: number): string {
  return count < 10_000 ? String(count) : formatBytes(count);
}
