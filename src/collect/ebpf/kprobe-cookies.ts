import type { BpfObject } from "../../linux/bpf-object.js";
import { isInCgroupNamespace } from "../../linux/cgroup-root.js";
import { giveCookies } from "../../linux/socket-cookies.js";
import type { Suspect } from "../../model/connection.js";
import type { ConnectionKey } from "../../model/sample.js";
import { findGone } from "./look-up.js";
import { attachToAllCgroups } from "./udp/cgroup-hooks.js";

/** Of what the kernel gave no cookie: bpf/notes_by_address.h. The kernel's own cookies do not come so far. */
const OWN_NUMBERS = 2 ** 52;
/** INET_DIAG_NOCOOKIE (include/uapi/linux/inet_diag.h) */
const ANY_COOKIE = 2n ** 64n - 1n;

/** bpf/kprobe/cookies.bpf.c */
export const COOKIE_PROGRAMS = ["ask_cookie_of_made", "ask_cookie_of_connected"] as const;

/**
 * Has the kernel give each socket its cookie: new ones, and those that are there. Tells where it can't: those get numbers of
 * our own.
 */
export function numberSockets(object: BpfObject): readonly string[] {
  giveCookies();
  try {
    attachToAllCgroups(object, COOKIE_PROGRAMS);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return [
      `new sockets are numbered by tcptop, not by the kernel's cookies: no cgroup v2 to attach to (${why})`,
    ];
  }
  // Once more, for those that were made in between.
  giveCookies();
  return isInCgroupNamespace()
    ? ["in a cgroup namespace: sockets outside of it are numbered by tcptop, not by the kernel's cookies"]
    : [];
}

/** The kernel does not know the numbers that are our own: whatever has the same ends is taken for the same. */
export function findGoneWithOwnNumbers(suspects: readonly Suspect[]): readonly ConnectionKey[] {
  const named = suspects.filter(({ cookie }) => !isOwnNumber(cookie));
  const others = suspects.filter(({ cookie }) => isOwnNumber(cookie));
  const goneOthers = others.filter((suspect) => findGone([{ ...suspect, cookie: ANY_COOKIE }]).length > 0);
  return [...findGone(named), ...goneOthers.map(({ cookie }) => cookie)];
}

export function isOwnNumber(cookie: ConnectionKey): boolean {
  return typeof cookie === "number" && cookie >= OWN_NUMBERS;
}
