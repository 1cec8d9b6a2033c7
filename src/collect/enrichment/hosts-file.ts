import { readFile } from "node:fs/promises";

import { addressSortKey } from "../../model/address.js";

const HOSTS = "/etc/hosts";

/** What this host calls an address; null where it says nothing of it. */
export async function nameInHostsFile(address: string, path: string = HOSTS): Promise<string | null> {
  return nameInHosts(await readFile(path, "utf8"), address);
}

/** The first name of the first line that has the address, however that is written there (hosts(5)). */
export function nameInHosts(text: string, address: string): string | null {
  const wanted = addressSortKey(address);
  for (const line of text.split("\n")) {
    const [own = "", name] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (own !== "" && name !== undefined && addressSortKey(own) === wanted) return name;
  }
  return null;
}
