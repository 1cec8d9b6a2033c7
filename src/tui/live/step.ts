import type { Connection } from "../../model/connection.js";
import type { LiveState } from "./state.js";

/** What has to happen outside of the state. */
export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" }
  | { readonly kind: "interval"; readonly intervalMs: number }
  | { readonly kind: "save" }
  | { readonly kind: "kill"; readonly connection: Connection };

/** What a key makes of the state. */
export interface Step {
  readonly state: LiveState;
  readonly effect: Effect | null;
}

export function still(state: LiveState): Step {
  return { state, effect: null };
}
