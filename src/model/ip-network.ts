const GROUPS = 8;
const BITS = 128;
const COLON = 58;
const DOT = 46;

/** A range of addresses: `10.0.0.0/8`, `2001:db8::/32`; a single address is a network of one. */
export interface Network {
  readonly family: 4 | 6;
  /** The eight 16-bit groups of an IPv6 address, with zeros behind the prefix; IPv4 is in its IPv4-mapped form. */
  readonly groups: Uint16Array;
  /** How many bits count, of 128. */
  readonly prefix: number;
  readonly isSingle: boolean;
}

/**
 * The network as people write it; bits behind the prefix do not matter. IPv4-mapped IPv6 is IPv4, as in all of tcptop.
 * Null for what is none: a zone (`%eth0`) belongs to a host, not to an address, and octets have no leading zeros, which
 * some programs take for octal.
 */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const groups = new Uint16Array(GROUPS);
  if (address.includes("%") || !readAddress(address, groups)) return null;
  const width = address.includes(":") ? BITS : 32;
  const length = slash < 0 ? width : prefixLength(text.slice(slash + 1), width);
  if (length === null) return null;
  const prefix = BITS - width + length;
  for (let group = 0; group < GROUPS; group++)
    groups[group] = (groups[group] ?? 0) & groupMask(group, prefix);
  return {
    family: isMapped(groups) && prefix >= 96 ? 4 : 6,
    groups,
    prefix,
    isSingle: prefix === BITS,
  };
}

interface Ipv4Range {
  readonly bits: number;
  readonly mask: number;
}

/** Tells fast, many times, whether addresses are in any of some networks: this is asked of every row. */
export class NetworkSet {
  readonly #ipv4: readonly Ipv4Range[];
  readonly #ipv6: readonly Network[];
  readonly #groups = new Uint16Array(GROUPS);

  constructor(networks: readonly Network[]) {
    this.#ipv4 = networks.filter(({ family }) => family === 4).map(ipv4Range);
    this.#ipv6 = networks.filter(({ family }) => family === 6);
  }

  /** Whether the address, as text, is in one of them; false for what is no address. A zone is passed over. */
  has(address: string): boolean {
    const bits = readIpv4(address, 0, address.length);
    if (bits >= 0) return this.#hasIpv4(bits);
    const groups = this.#groups;
    if (!readAddress(address, groups)) return false;
    if (isMapped(groups)) return this.#hasIpv4(ipv4Bits(groups));
    for (const network of this.#ipv6) if (isWithin(groups, network)) return true;
    return false;
  }

  #hasIpv4(address: number): boolean {
    for (const { bits, mask } of this.#ipv4) if (((address ^ bits) & mask) === 0) return true;
    return false;
  }
}

function ipv4Range({ groups, prefix }: Network): Ipv4Range {
  return { bits: ipv4Bits(groups), mask: (groupMask(6, prefix) << 16) | groupMask(7, prefix) };
}

/** The IPv4 address in an IPv4-mapped one. */
function ipv4Bits(groups: Uint16Array): number {
  return (groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0);
}

function isWithin(groups: Uint16Array, { groups: wanted, prefix }: Network): boolean {
  for (let group = 0; group * 16 < prefix; group++) {
    if (((groups[group] ?? 0) & groupMask(group, prefix)) !== wanted[group]) return false;
  }
  return true;
}

/** The bits of one group that are within the prefix. */
function groupMask(group: number, prefix: number): number {
  const bits = Math.min(16, Math.max(0, prefix - group * 16));
  return (0xffff << (16 - bits)) & 0xffff;
}

function prefixLength(text: string, most: number): number | null {
  if (!/^\d{1,3}$/.test(text)) return null;
  const length = Number(text);
  return length <= most ? length : null;
}

/** Whether it is an IPv4-mapped address (RFC 4291, 2.5.5.2). */
function isMapped(groups: Uint16Array): boolean {
  for (let group = 0; group < 5; group++) if (groups[group] !== 0) return false;
  return groups[5] === 0xffff;
}

/** Reads an address with no object made. False for what is no address. */
function readAddress(text: string, groups: Uint16Array): boolean {
  const zone = text.indexOf("%");
  const end = zone < 0 ? text.length : zone;
  if (text.includes(":")) return readIpv6(text, end, groups);
  groups.fill(0, 0, 5);
  groups[5] = 0xffff;
  return zone < 0 && putIpv4(readIpv4(text, 0, end), groups, 6);
}

/** Puts an address into two groups, from `group` on; false for -1. */
function putIpv4(bits: number, groups: Uint16Array, group: number): boolean {
  groups[group] = bits >>> 16;
  groups[group + 1] = bits & 0xffff;
  return bits >= 0;
}

/** Reads a dotted quad from `start` to `end` as a number; -1 for anything else. */
function readIpv4(text: string, start: number, end: number): number {
  let bits = 0;
  let octets = 0;
  let octet = -1;
  for (let at = start; at <= end; at++) {
    const code = at < end ? text.charCodeAt(at) : DOT;
    if (code === DOT) {
      if (octet < 0 || octets === 4) return -1;
      bits = bits * 256 + octet;
      octets += 1;
      octet = -1;
    } else {
      // Not 01: some programs take it for octal.
      if (code < 48 || code > 57 || octet === 0) return -1;
      octet = octet < 0 ? code - 48 : octet * 10 + code - 48;
      if (octet > 255) return -1;
    }
  }
  return octets === 4 ? bits : -1;
}

function readIpv6(text: string, end: number, groups: Uint16Array): boolean {
  let count = 0;
  let gap = -1;
  let at = 0;
  if (text.startsWith("::")) {
    gap = 0;
    at = 2;
  }
  while (at < end) {
    if (count === GROUPS) return false;
    const stop = groupEnd(text, at, end);
    if (text.charCodeAt(stop) === DOT) {
      // An IPv4 address stands for the last two groups (RFC 4291, 2.2).
      if (count > GROUPS - 2 || !putIpv4(readIpv4(text, at, end), groups, count)) return false;
      count += 2;
      break;
    }
    const value = readGroup(text, at, stop);
    if (value < 0) return false;
    groups[count] = value;
    count += 1;
    if (stop === end) break;
    at = stop + 1;
    if (at < end && text.charCodeAt(at) === COLON) {
      if (gap >= 0) return false;
      gap = count;
      at += 1;
    } else if (at === end) return false;
  }
  if (gap < 0) return count === GROUPS;
  if (count === GROUPS) return false;
  groups.copyWithin(gap + GROUPS - count, gap, count);
  groups.fill(0, gap, gap + GROUPS - count);
  return true;
}

/** Where the digits that start at `at` end: at a colon, a dot, or the end. */
function groupEnd(text: string, at: number, end: number): number {
  let stop = at;
  while (stop < end && text.charCodeAt(stop) !== COLON && text.charCodeAt(stop) !== DOT) stop += 1;
  return stop;
}

/** Up to four hexadecimal digits; -1 for anything else. */
function readGroup(text: string, start: number, end: number): number {
  if (end === start || end - start > 4) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
