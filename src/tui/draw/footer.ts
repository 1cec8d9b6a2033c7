import { formatEndpoint } from "../../model/address.js";
import { hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { harmless } from "../../model/text.js";
import { fitEndpoint, textWidth, truncateText, wrapText } from "../../model/text-width.js";
import type { LiveState } from "../live/state.js";
import { hintKeyAt, hintsLine, hintsOf } from "./hints.js";
import { clipSpans, type Line, line, outsideSpan, span } from "./line.js";
import { promptLines } from "./prompt-lines.js";

/** The last lines of the screen: what is asked, what is said, or the keys. */
export function footerOf(state: LiveState): readonly Line[] {
  const { overlay, notice, size } = state;
  switch (overlay.kind) {
    case "prompt":
      return promptLines(overlay.prompt, size.columns);
    case "confirm-kill":
      return [confirmation(overlay.connection, size.columns)];
    default:
      return notice === null ? [hintsLine(hintsOf(state), size.columns)] : said(notice, size.columns);
  }
}

/** The key of the hint that stands at a place of the last line; null where there is none, or one of several keys. */
export function hintAt(state: LiveState, x: number): string | null {
  const { overlay, notice, size } = state;
  if (notice !== null || overlay.kind === "prompt" || overlay.kind === "confirm-kill") return null;
  return hintKeyAt(hintsOf(state), x, size.columns);
}

/** All of it, over as many lines as it takes: a filter that is cut can't be copied. */
function said(notice: string, columns: number): readonly Line[] {
  return wrapText(harmless(notice), columns).map((text) => line([span(text, "warning")]));
}

/** Of two ends that are cut: a character, a mark, and a port, of each. */
const LEAST_ENDS = 2 * "1…:65535".length + " - ".length;
const OTHERWISE = "; any other key does not";

/** Which one it is, as it is about to be closed: rows may have moved meanwhile. Its ports, and what y does, are on every screen. */
function confirmation(connection: Connection, columns: number): Line {
  const { pid, comm, proto } = connection;
  const owner = pid === null ? "" : `${truncateText(comm ?? "", columns >> 2)} (${pid}) `;
  // The kernel takes its peer from a UDP socket, and leaves it to its process.
  const does = proto === "udp" ? " disconnects " : " closes ";
  const hasRoomForOwner = columns - textWidth(`y${does}${owner}${proto} `) >= LEAST_ENDS;
  const named = `${hasRoomForOwner ? owner : ""}${proto} `;
  const whole = named + ends(connection, columns - textWidth(`y${does}${named}`));
  const hasRoom = textWidth(`y${does}${whole}${OTHERWISE}`) <= columns;
  const question = [
    span("y", "key"),
    span(does, "prompt"),
    outsideSpan(whole, "warning"),
    ...(hasRoom ? [span(OTHERWISE, "prompt")] : []),
  ];
  return line(clipSpans(question, columns), "prompt");
}

function ends(connection: Connection, room: number): string {
  const { localAddr, localPort, remoteAddr, remotePort } = connection;
  const local = formatEndpoint(localAddr, localPort);
  if (!hasPeer(connection)) {
    const waits = "listening on ";
    return waits + fitEndpoint(local, Math.max(0, room - waits.length)).trimEnd();
  }
  const between = " - ";
  return fittingEnds(local, formatEndpoint(remoteAddr, remotePort), room - between.length).join(between);
}

/** Each has half of the room, and what the other one leaves. */
function fittingEnds(local: string, remote: string, room: number): readonly [string, string] {
  const half = Math.max(0, room >> 1);
  const left = fitEndpoint(local, Math.max(half, room - textWidth(remote))).trimEnd();
  return [left, fitEndpoint(remote, Math.max(0, room - textWidth(left))).trimEnd()];
}
