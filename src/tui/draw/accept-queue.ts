import type { Connection } from "../../model/connection.js";
import { listed } from "./labelled.js";
import { type Line, span } from "./line.js";
import { isFilling } from "./row-styles.js";

/** Of a listening socket what LIMITED is of a connection: how many wait for it, and how many may; nothing of UDP, where none wait. */
export function acceptQueueLines(connection: Connection, width: number): readonly Line[] {
  const { acceptQueue, acceptLimit } = connection;
  if (acceptQueue === null || acceptLimit === null) return [];
  const waiting = acceptQueue === 1 ? "1 connection waits" : `${acceptQueue} connections wait`;
  const words = [
    span(`${waiting} for accept()`, isFilling(connection) ? "warning" : "strong"),
    span(`the limit is ${acceptLimit}`),
  ];
  // The kernel takes one more than the limit (sk_acceptq_is_full).
  if (acceptQueue > acceptLimit) words.push(span("it is full: who connects now is turned away", "warning"));
  return listed("accepting", words, width);
}
