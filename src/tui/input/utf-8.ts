/** A code point and how many bytes it took; null as code point for a byte that begins none (RFC 3629). */
export interface Decoded {
  readonly codePoint: number | null;
  readonly bytes: number;
}

const INVALID: Decoded = { codePoint: null, bytes: 1 };

/** The code point at `at`; null when bytes of it are still to come. */
export function decodeUtf8(bytes: Uint8Array, at: number): Decoded | null {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return { codePoint: lead, bytes: 1 };
  const length = sequenceLength(lead);
  if (length === 0) return INVALID;
  let codePoint = lead & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    if ((byte & 0xc0) !== 0x80 || (index === 1 && !isSecondByte(lead, byte))) return INVALID;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  return { codePoint, bytes: length };
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Not so: a longer form than needed, a surrogate, beyond U+10FFFF. */
function isSecondByte(lead: number, byte: number): boolean {
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte < 0xa0;
  if (lead === 0xf0) return byte >= 0x90;
  return lead === 0xf4 ? byte < 0x90 : true;
}
