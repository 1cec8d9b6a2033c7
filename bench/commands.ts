import { fileURLToPath } from "node:url";

/** From the checkout, seen from dist/bench. */
export const TCPTOP: string = fileURLToPath(new URL("../../bin/tcptop", import.meta.url));

/** The peer: TCP sockets with their counters and the processes that hold them. */
export const SS: readonly string[] = ["ss", "-tinHp"];
/** The peer without owners. */
export const SS_WITHOUT_OWNERS: readonly string[] = ["ss", "-tinH"];
