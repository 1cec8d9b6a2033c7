/** An address with its port, as `ss` and URLs write it: `192.0.2.1:443`, `[2001:db8::1]:443`; a port of null is `*`. */
export function formatEndpoint(address: string, port: number | null): string {
  const shown = address.includes(":") ? `[${address}]` : address;
  return `${shown}:${port === null ? "*" : port.toString()}`;
}

/**
 * A key that puts addresses in numeric order under plain string comparison: IPv4 before IPv6, 9.0.0.1 before 10.0.0.1.
 * What is no address comes last, as it stands.
 */
export function addressSortKey(address: string): string {
  const [bare = "", zone = ""] = address.split("%");
  const key = bare.includes(":") ? ipv6Key(bare) : ipv4Key(bare);
  return key === null ? `z${address}` : key + zone;
}

function ipv4Key(address: string): string | null {
  const hex = ipv4Hex(address);
  return hex === null ? null : `4${hex}`;
}

function ipv4Hex(address: string): string | null {
  const parts = address.split(".");
  if (parts.length !== 4) return null;
  let hex = "";
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    hex += Number(part).toString(16).padStart(2, "0");
  }
  return hex;
}

function ipv6Key(address: string): string | null {
  const halves = address.split("::");
  const [head = "", tail = ""] = halves;
  const front = groupsHex(head);
  const back = groupsHex(tail);
  if (halves.length > 2 || front === null || back === null) return null;
  const zeros = 32 - front.length - back.length;
  if (zeros < 0 || (zeros > 0 && halves.length === 1)) return null;
  return `6${front}${"0".repeat(zeros)}${back}`;
}

/** The groups on one side of `::` as hex digits, four a group, eight for a dotted IPv4 ending (RFC 4291, 2.2). */
function groupsHex(groups: string): string | null {
  if (groups === "") return "";
  let hex = "";
  for (const group of groups.split(":")) {
    const digits = group.includes(".") ? ipv4Hex(group) : groupHex(group);
    if (digits === null) return null;
    hex += digits;
  }
  return hex;
}

function groupHex(group: string): string | null {
  return /^[0-9a-f]{1,4}$/i.test(group) ? group.toLowerCase().padStart(4, "0") : null;
}
