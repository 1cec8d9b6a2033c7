import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { buildTraffic, type TrafficProgram } from "../traffic/build.js";
import type { Fields } from "./json-fields.js";
import {
  parseTcpEndpoint,
  parseTrafficEvent,
  type TrafficEndpoint,
  type TrafficEvent,
} from "./traffic-events.js";

export type { TrafficEndpoint, TrafficEvent } from "./traffic-events.js";

/** The key=value arguments of a case; test/traffic/<program>.c says which there are. */
export type TrafficArguments = Readonly<Record<string, string | number>>;

export interface TrafficOptions {
  /** Name of the network namespace for both ends; each end's own is `client_netns`, `server_netns`. */
  readonly netns?: string;
}

/** What is told of an end, whatever the protocol. */
interface TrafficEnd {
  readonly side: "client" | "server";
}

/** How ends of one protocol are read, and told apart: a later word on the same end replaces the earlier. */
export interface EndReader<End extends TrafficEnd> {
  readonly parse: (fields: Fields) => End;
  readonly key: (end: End) => string;
}

type Kind = TrafficEvent["event"];
type EventOf<End, Of extends Kind> = Extract<TrafficEvent<End>, { event: Of }>;

/** A running traffic generator. Every wait fails after its deadline, or at once when the program has ended. */
export interface Traffic<End extends TrafficEnd = TrafficEndpoint> {
  /** The process that conducts; it owns no connection. */
  readonly pid: number;
  /** The last word on each end that was reported while it was open, in the order of first report. */
  readonly endpoints: () => readonly End[];
  /** The only end on that side; throws when there are several or none. */
  readonly endpoint: (side: End["side"]) => End;
  /** Gives an order: "close", "go", "more", "next", "release", "exit". */
  readonly say: (order: string) => void;
  /** The next event of that kind after those that were waited for already. */
  readonly waitFor: <Of extends Kind>(kind: Of, timeoutMs?: number) => Promise<EventOf<End, Of>>;
  /** Orders, and waits until all is settled and told again. */
  readonly order: (order: string) => Promise<void>;
  /** Orders "close"; the final truth of all ends. */
  readonly close: () => Promise<readonly End[]>;
  /** Ends the program and its processes, and waits for that; may be called again. */
  readonly end: () => Promise<void>;
}

const WAIT_MS = 40_000;
const END_MS = 5_000;

/**
 * Builds and starts `program CASE key=value...`; resolves when its ends have been told (the first "ready"),
 * or, for cases that can't hold (short, refused), at once: wait for "closed" then.
 */
export async function startTraffic(
  program: TrafficProgram,
  caseName: string,
  args: TrafficArguments = {},
  options: TrafficOptions = {},
): Promise<Traffic> {
  const traffic = launch(TCP_ENDS, program, [caseName, ...keyValues(args, options)]);
  return HOLDS_NOTHING.has(caseName) ? traffic : whenReady(traffic);
}

/** As `startTraffic`, for programs of another protocol, all of whose cases hold. */
export async function startTrafficOf<End extends TrafficEnd>(
  reader: EndReader<End>,
  program: TrafficProgram,
  caseName: string,
  args: TrafficArguments = {},
  options: TrafficOptions = {},
): Promise<Traffic<End>> {
  return whenReady(launch(reader, program, [caseName, ...keyValues(args, options)]));
}

async function whenReady<End extends TrafficEnd>(traffic: Traffic<End>): Promise<Traffic<End>> {
  try {
    await traffic.waitFor("ready");
  } catch (error) {
    await traffic.end();
    throw error;
  }
  return traffic;
}

const TCP_ENDS: EndReader<TrafficEndpoint> = {
  parse: parseTcpEndpoint,
  key: (end) => `${end.side} ${end.holder_cookie}.${end.incarnation}`,
};

const HOLDS_NOTHING: ReadonlySet<string> = new Set(["short", "refused"]);

function keyValues(args: TrafficArguments, options: TrafficOptions): string[] {
  const netns =
    options.netns === undefined ? {} : { client_netns: options.netns, server_netns: options.netns };
  return Object.entries({ ...netns, ...args }).map(([key, value]) => `${key}=${value}`);
}

function launch<End extends TrafficEnd>(
  reader: EndReader<End>,
  program: TrafficProgram,
  args: readonly string[],
): Traffic<End> {
  const child = spawn(buildTraffic(program), args, { stdio: ["pipe", "pipe", "pipe"] });
  const unread: TrafficEvent<End>[] = [];
  const ends = new Map<string, End>();
  let complaint = "";
  /** Why nothing more will come. */
  let over: Error | null = null;
  let wake: () => void = () => undefined;

  const stop = (error: Error): void => {
    over ??= error;
    wake();
  };
  const take = (line: string): void => {
    try {
      const event = parseTrafficEvent(line, reader.parse);
      if (event.event === "endpoint") ends.set(reader.key(event.endpoint), event.endpoint);
      unread.push(event);
      wake();
    } catch (error) {
      stop(error instanceof Error ? error : new Error(String(error)));
    }
  };
  createInterface({ input: child.stdout }).on("line", take);
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaint += chunk;
  });
  // An order to a program that has just ended is answered by the wait that follows.
  child.stdin.on("error", () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      stop(error);
      resolve();
    });
    child.once("close", (status, signal) => {
      stop(new Error(`${args.join(" ")} ended (${signal ?? `status ${status}`}): ${complaint.trim()}`));
      resolve();
    });
  });

  const nextOf = <Of extends Kind>(kind: Of): EventOf<End, Of> | null => {
    const isOfKind = (event: TrafficEvent<End>): event is EventOf<End, Of> => event.event === kind;
    const found = unread.find(isOfKind);
    if (found === undefined) return null;
    unread.splice(0, unread.indexOf(found) + 1);
    return found;
  };
  const waitFor = async <Of extends Kind>(
    kind: Of,
    timeoutMs: number = WAIT_MS,
  ): Promise<EventOf<End, Of>> => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const event = nextOf(kind);
      if (event !== null) return event;
      if (over !== null) throw over;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`${args.join(" ")}: no "${kind}" within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const say = (order: string): void => {
    child.stdin.write(`${order}\n`);
  };

  return {
    pid: child.pid ?? -1,
    endpoints: () => [...ends.values()],
    endpoint: (side) => onlyOne([...ends.values()], side),
    say,
    waitFor,
    order: async (order) => {
      say(order);
      await waitFor("ready");
    },
    close: async () => {
      say("close");
      return (await waitFor("closed")).endpoints;
    },
    end: async () => {
      // At the end of its stdin the program ends its own processes; killed, they die with it.
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function onlyOne<End extends TrafficEnd>(ends: readonly End[], side: TrafficEnd["side"]): End {
  const [end, another] = ends.filter((candidate) => candidate.side === side);
  if (end === undefined || another !== undefined)
    throw new Error(`not exactly one end on the ${side}'s side`);
  return end;
}
