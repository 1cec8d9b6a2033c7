import { has, readPrivileges } from "../linux/capabilities.js";
import { canEnterNamespaces } from "../linux/network-namespaces.js";
import { RUNG_CAPABILITIES, SETNS_REFUSED } from "../model/privileges.js";
import type { Rung } from "../model/rung.js";

/** What a rung that has started does not show for want of a privilege, in a line each. */
export function privilegeNotices(rung: Rung): readonly string[] {
  const { effective } = readPrivileges();
  const uses = RUNG_CAPABILITIES[rung];
  const missing = uses.flatMap(({ capability, notice }) =>
    notice === undefined || has(effective, capability) ? [] : [notice],
  );
  const entersNamespaces = uses.some(({ capability }) => capability === "CAP_SYS_ADMIN");
  const isRefused = entersNamespaces && has(effective, "CAP_SYS_ADMIN") && !canEnterNamespaces();
  return isRefused ? [...missing, SETNS_REFUSED] : missing;
}
