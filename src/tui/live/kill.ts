import { hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import type { DetailPage, LiveState, Overlay } from "./state.js";
import { selectedRow } from "./state.js";
import { type Step, still } from "./step.js";

/** Asks whether to close the selected connection; says why not, where that can't be. */
export function askToKillRow(state: LiveState): LiveState {
  const row = selectedRow(state);
  if (state.canKill && row?.kind === "group")
    return { ...state, notice: "a group is not closed: choose a connection" };
  return askToKill(state, row?.kind === "connection" ? row.connection : null, null);
}

/** As `askToKillRow`, of a connection; `over` is its page, where that is on the screen. */
export function askToKill(
  state: LiveState,
  connection: Connection | null,
  over: DetailPage | null,
): LiveState {
  if (!state.canKill) return { ...state, notice: "to close connections, start tcptop with --allow-kill" };
  if (connection === null) return { ...state, notice: "there is nothing to close" };
  const obstacle = whyNot(state, connection);
  if (obstacle !== null) return { ...state, notice: obstacle };
  return { ...state, overlay: { kind: "confirm-kill", connection, over } };
}

/** What is known of a connection before the kernel is asked to close it; null where nothing is in the way. */
function whyNot(state: LiveState, connection: Connection): string | null {
  const { proto, cookie, state: tcpState } = connection;
  if (hasEnded(state, connection)) return "it has ended already";
  if (typeof cookie === "string") return "not to be closed: one of many peers of a UDP socket";
  if (proto === "udp" && !hasPeer(connection)) return "nothing to close: a UDP socket without a peer";
  // Tables name a socket by its ends alone, and that does for a TCP connection only.
  if (state.rung === "proc" && (proto === "udp" || tcpState === "LISTEN"))
    return "not to be closed: the rung proc does not know which socket it is";
  return null;
}

/** By what is known now, whatever is shown. */
function hasEnded({ newest }: LiveState, { id }: Connection): boolean {
  return !newest.connections.some((connection) => connection.id === id && !connection.closed);
}

/** Only "y" closes it; what was asked on a connection's page leads back there. */
export function pressInConfirmation(
  state: LiveState,
  { connection, over }: Extract<Overlay, { kind: "confirm-kill" }>,
  keyName: string,
): Step {
  const answered: LiveState = { ...state, overlay: over ?? { kind: "none" } };
  return keyName === "y"
    ? { state: answered, effect: { kind: "kill", connection } }
    : still({ ...answered, notice: "nothing was closed" });
}
