import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FilterError } from "../../../src/view/filter/filter-error.js";
import { MAX_LENGTH } from "../../../src/view/filter/lexer.js";
import { MAX_DEPTH, parseFilter } from "../../../src/view/filter/parse.js";
import { printFilter } from "../../../src/view/filter/print.js";
import { filterAndTruth } from "./filter-and-truth.js";
import { hostileText } from "./hostile-text.js";

function refusal(text: string): FilterError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`accepted ${text}`);
}

describe("reads, at full length:", () => {
  test.each([
    ["tcp", "proto = tcp"],
    ["TCP AND Port 443", "proto = tcp and (local_port = 443 or remote_port = 443)"],
    ["tcp port 443", "proto = tcp and (local_port = 443 or remote_port = 443)"],
    ["port != 443", "not (local_port = 443 or remote_port = 443)"],
    ["port < 1024", "local_port < 1024 or remote_port < 1024"],
    ["host 10.0.0.0/8", "local_addr in 10.0.0.0/8 or remote_addr in 10.0.0.0/8"],
    [
      "addr not in (::1, 10.0.0.0/8)",
      "not (local_addr in (::1, 10.0.0.0/8) or remote_addr in (::1, 10.0.0.0/8))",
    ],
    ["in or out", "direction = in or direction = out"],
    ["closed in", "closed = true and direction = in"],
    ["direction in (in, out)", "direction in (in, out)"],
    ["rtt>50ms", "rtt_us > 50ms"],
    ["rtt > 0", "rtt_us > 0"],
    ["age == 5m && !closed || udp", "age_ms = 5m and not closed = true or proto = udp"],
    ["a_b and c", null],
    ["not (tcp or udp) and ip", "not (proto = tcp or proto = udp) and family = 4"],
    ["((tcp))", "proto = tcp"],
    ["tcp and (ip and in)", "proto = tcp and (family = 4 and direction = in)"],
    ["tcp or (udp or in)", "proto = tcp or (proto = udp or direction = in)"],
    ["not not tcp", "not not proto = tcp"],
    ["comm = 'it''s'", null],
    ["comm = 'a b'", 'comm = "a b"'],
    ['comm = "a\\"b\\\\c\\d"', 'comm = "a\\"b\\\\c\\\\d"'],
    ["comm =~ x*", "comm ~ x*"],
    ["comm !~ x", "comm !~ x"],
    ['comm = "and"', 'comm = "and"'],
    ["pid = NULL", "pid = null"],
    ["comm nginx", "comm ~ nginx"],
    ["pid 4711", "owners = 4711"],
    ["remote_addr not in 10.0.0.0/8", "remote_addr not in 10.0.0.0/8"],
    ["portrange 8000-8080", "local_port in 8000-8080 or remote_port in 8000-8080"],
    ["local_port in (https, 8000-8080)", "local_port in (https, 8000-8080)"],
    ["port not in 1-1023", "not (local_port in 1-1023 or remote_port in 1-1023)"],
    ["container = docker:0123", "container = docker:0123"],
  ])("%s", (text, printed) => {
    if (printed === null) expect(refusal(text)).toBeInstanceOf(FilterError);
    else expect(printFilter(parseFilter(text))).toBe(printed);
  });
});

describe("refuses, with the place and the mend:", () => {
  test.each([
    ["tx_rat > 1", 0, 6, "tx_rat: no such column; did you mean tx_rate?"],
    ["x > 1", 0, 1, "x: no such column; for a process of that name write comm x"],
    ["tcp and tx_rat > 1", 8, 14, "tx_rat: no such column; did you mean tx_rate?"],
    ["nginx", 0, 5, "nginx: no such column; for a process of that name write comm nginx"],
    ["10.0.0.0/8", 0, 10, "10.0.0.0/8: no such column; did you mean host 10.0.0.0/8?"],
    ["443", 0, 3, "443: no such column; did you mean port 443 or pid 443?"],
    [
      "constructor = 1",
      0,
      11,
      "constructor: no such column; for a process of that name write comm constructor",
    ],
    ["tx_rate > 1 MB/s", 12, 16, "MB/s: no such column; write 1MB/s, without a space"],
    ["tx_rate >", 9, 9, "at the end: a value is missing; write one such as 1MB/s"],
    ["rtt > > 5", 6, 7, ">: a value is missing; write one such as 50ms"],
    ["state =", 7, 7, "at the end: a value is missing; write one such as established"],
    [
      "src host 10.0.0.1",
      0,
      3,
      "src: packets have a source, connections two ends; for this end write local_addr in 10.0.0.1, for the other remote_addr in 10.0.0.1",
    ],
    [
      "tcp and dst port 443",
      8,
      11,
      "dst: packets have a destination, connections two ends; for this end write local_port = 443, for the other remote_port = 443",
    ],
    [
      "DST 10.0.0.0/8",
      0,
      3,
      "DST: packets have a destination, connections two ends; for this end write local_addr in",
    ],
    [
      "src",
      0,
      3,
      "src: packets have a source, connections two ends; for this end write local_addr in ..., for the other",
    ],
    ["dport = 443", 0, 5, "dport: no such column; did you mean remote_port?"],
    ["remote_address = ::1", 0, 14, "remote_address: no such column; did you mean remote_addr?"],
    ["remote_adr = ::1", 0, 10, "remote_adr: no such column; did you mean remote_addr?"],
    ["80-90", 0, 5, "80-90: no such column; did you mean portrange 80-90?"],
    ["443,80", 0, 3, "443: no such column; did you mean port in (443, 80)?"],
    ["port 443,80", 8, 9, ",: several values; write port in (443, 80)"],
    ["port != 443, 80", 11, 12, ",: several values; write port not in (443, 80)"],
    ["host ::1,::2", 8, 9, ",: several values; write addr in (::1, ::2)"],
    ["pid 1, 2", 5, 6, ",: several values; write owners in (1, 2)"],
    ["port 80-90", 5, 10, "80-90: a range, not one port; write port in 80-90"],
    ["remote_port != 80-90", 15, 20, "80-90: a range, not one port; write remote_port not in 80-90"],
    ["portrange 90-80", 10, 15, "90-80: a range without a port; write 80-90"],
    ["portrange 80-65536", 10, 18, "80-65536: no ports; give 0 to 65535"],
    ["comm = and", 7, 10, "and: a value is missing; put a word such as and in quotes"],
    ["rtt > 50", 6, 8, "50: rtt needs a unit; write 50us, 50ms or 50s, or rtt_us for µs"],
    ["rtt > x", 6, 7, "x: no number; write a number with one of us µs ms s m h d"],
    ["pid > -1", 6, 8, "-1: no number; write a number"],
    ["retrans > 1k", 10, 12, "1k: retrans has no unit k; write a number"],
    [
      "tx_bytes > 1Mb",
      11,
      14,
      "1Mb: tx_bytes has no unit Mb; write a number with one of B kB MB GB TB KiB MiB GiB TiB",
    ],
    ["rtt ~ 5", 4, 5, "~: rtt can't be compared so; use one of = != < <= > >= in not in"],
    ["comm < a", 5, 6, "<: comm can't be compared so; use one of = != ~ !~ in not in"],
    ["pid > null", 6, 10, "null: what is unknown can't be compared by >; write pid = null"],
    ["pid in (1, null)", 11, 15, "null: what is unknown can't be compared by in; write pid = null"],
    ["state = estab", 8, 13, "estab: state is never that; did you mean established?"],
    ["proto = icmp", 8, 12, "icmp: proto is never that; there are tcp, udp"],
    ["port httpx", 5, 10, "httpx: no port; did you mean http or https?"],
    ["port 65536", 5, 10, "65536: no port; give 0 to 65535, or a name such as https"],
    ["host web1", 5, 9, "web1: no address; write 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32"],
    [
      "remote_addr = 10.0.0.0/8",
      14,
      24,
      "10.0.0.0/8: a network, not one address; write remote_addr in 10.0.0.0/8",
    ],
    ["host = 10.0.0.1", 7, 15, "10.0.0.1: no name of a host; for either end write host 10.0.0.1"],
    ["host in 10.0.0.0/8", 8, 18, "10.0.0.0/8: no name of a host; for either end write host 10.0.0.0/8"],
    ["closed = maybe", 9, 14, "maybe: neither true nor false; write true or false"],
    ["pid abc", 4, 7, "abc: no process id; write a whole number"],
    ["", 0, 0, "at the end: a condition is missing; write one such as tx_rate > 1MB/s"],
    ["tcp and", 7, 7, "at the end: a condition is missing; write one such as tx_rate > 1MB/s"],
    ["and tcp", 0, 3, "and: a condition is missing; write one such as tx_rate > 1MB/s"],
    ["(tcp", 4, 4, "at the end: a ) is missing; close the parenthesis"],
    ["tcp)", 3, 4, "): a condition was complete before; join conditions by and, or"],
    ["pid in (1 2)", 10, 11, "2: a , or ) is missing; write (a, b)"],
    ["pid in ()", 8, 9, "): a value is missing; write one such as 100"],
    [
      "cwnd",
      4,
      4,
      "at the end: what cwnd is compared by is missing; write cwnd with one of = != < <= > >= in not in",
    ],
    ["comm = 'x", 7, 9, "'x: its quote does not end; add a '"],
    ["tcp & udp", 4, 5, "&: no such operator; did you mean &&?"],
    ["x\u001b[2J = 1", 0, 5, "x[2J: no such column; columns are time, host,"],
  ])("%j", (text, start, end, line) => {
    const error = refusal(text);
    expect(error.oneLine().slice(0, line.length)).toBe(line);
    expect({ start: error.span.start, end: error.span.end }).toEqual({ start, end });
    expect(error.oneLine()).not.toMatch(/\p{Cc}/u);
  });

  test("what could stand there is told", () => {
    expect(refusal("closed = maybe").expected).toEqual(["true", "false", "null"]);
    expect(refusal("cwnd x").expected).toEqual(["=", "!=", "<", "<=", ">", ">=", "in", "not in"]);
    expect(refusal("(tcp").expected).toEqual([")", "and", "or"]);
    expect(refusal("").expected).toEqual(expect.arrayContaining(["tx_rate", "port", "not", "("]));
  });
});

describe("hostile text", () => {
  test("too long", () => {
    const text = "(".repeat(100_000);
    expect(refusal(text).oneLine()).toBe(`too long a filter; write at most ${MAX_LENGTH} characters`);
    expect(refusal(text).span).toEqual({ start: MAX_LENGTH, end: 100_000 });
  });

  test.each(["(", "not ", "! ", "tcp and not ("])("nested too deep: %j", (opening) => {
    expect(refusal(opening.repeat(MAX_DEPTH + 1)).message).toContain("nested too deep");
  });

  test("as deep and as long as it may be", () => {
    const deep = `${"(".repeat(MAX_DEPTH)}tcp${")".repeat(MAX_DEPTH)}`;
    expect(printFilter(parseFilter(deep))).toBe("proto = tcp");
    const long = "tcp ".repeat(MAX_LENGTH / 4).trimEnd();
    expect(parseFilter(long)).toMatchObject({ kind: "and", terms: { length: MAX_LENGTH / 4 } });
  });

  test("any text is a filter, or refused with its place", () => {
    const word = fc.constantFrom(
      ...'( ) , = != < >= ~ ! && || and or not in null true \'a "b" tx_rate comm closed port host pid tcp 443 10.0.0.0/8 1MB/s'.split(
        " ",
      ),
    );
    const text = fc.oneof(
      hostileText(30),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, (filter) => {
        const end = outcome(filter);
        if (end === "read") return;
        expect(end.span.start).toBeLessThanOrEqual(end.span.end);
        expect(end.span.end).toBeLessThanOrEqual(filter.length);
        expect(end.oneLine()).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 250 },
    );
  });
});

function outcome(text: string): "read" | FilterError {
  try {
    const filter = parseFilter(text);
    expect(parseFilter(printFilter(filter))).toEqual(filter);
    return "read";
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

test("what is printed reads as the same filter", () => {
  fc.assert(
    fc.property(filterAndTruth, ({ filter }) => {
      expect(parseFilter(printFilter(filter))).toEqual(filter);
    }),
    { numRuns: 200 },
  );
});
