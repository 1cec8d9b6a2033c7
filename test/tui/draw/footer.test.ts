import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import { textWidth } from "../../../src/model/text-width.js";
import { footerOf } from "../../../src/tui/draw/footer.js";
import type { LiveState } from "../../../src/tui/live/state.js";
import { exampleState, pressed, snapshotOf } from "../live/example-state.js";

function question(columns: number, connection: Partial<Connection>): string {
  const state = exampleState(snapshotOf(connection), { canKill: true, size: { columns, rows: 24 } });
  return asked(state);
}

/** The same of a row that is there only after another key. */
function questionAfter(key: string, columns: number, connection: Partial<Connection>): string {
  const state = exampleState(snapshotOf(connection), { canKill: true, size: { columns, rows: 24 } });
  return asked(pressed(state, key).state);
}

function asked(state: LiveState): string {
  const [line, ...more] = footerOf(pressed(state, "K").state);
  expect(more).toEqual([]);
  return line?.spans.map(({ text }) => text).join("") ?? "";
}

const LONG: Partial<Connection> = {
  pid: 4_194_304,
  comm: "a-long-name-of-",
  family: 6,
  localAddr: "2001:db8:1111:2222:3333:4444:5555:6666",
  localPort: 54_321,
  remoteAddr: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
  remotePort: 65_535,
};

describe("what K asks names the connection", () => {
  test("its process and both ends, whole where there is room", () => {
    const short = {
      pid: 7,
      comm: "ssh",
      localAddr: "10.0.0.1",
      localPort: 22,
      remoteAddr: "10.0.0.2",
      remotePort: 9,
    };
    expect(question(80, short)).toBe("y closes ssh (7) tcp 10.0.0.1:22 - 10.0.0.2:9; any other key does not");
    expect(question(200, LONG)).toBe(
      "y closes a-long-name-of- (4194304) tcp [2001:db8:1111:2222:3333:4444:5555:6666]:54321 - " +
        "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535; any other key does not",
    );
  });

  test.each([80, 60, 120])("with both ports in %i columns, however long its addresses are", (columns) => {
    const text = question(columns, LONG);
    expect(textWidth(text)).toBeLessThanOrEqual(columns);
    expect(text).toMatch(/^y closes a-long-name-\S* \(4194304\) tcp \[2\S*:54321 - \[2\S*:65535/);
  });

  test("where it listens, and that a UDP socket is only disconnected", () => {
    const end = { pid: 7, comm: "ssh", localAddr: "10.0.0.1", localPort: 22 };
    const listening = { ...end, state: "LISTEN", remoteAddr: "0.0.0.0", remotePort: 0 } as const;
    expect(questionAfter("l", 80, listening)).toBe(
      "y closes ssh (7) tcp listening on 10.0.0.1:22; any other key does not",
    );
    const long = { ...LONG, state: "LISTEN", remoteAddr: "::", remotePort: 0 } as const;
    expect(questionAfter("l", 60, long)).toMatch(/ tcp listening on \[\S*:54321$/);
    const udp = { ...end, proto: "udp", remoteAddr: "10.0.0.2", remotePort: 9 } as const;
    expect(question(80, udp)).toBe(
      "y disconnects ssh (7) udp 10.0.0.1:22 - 10.0.0.2:9; any other key does not",
    );
  });

  test("by its ends alone where there is no room for more", () => {
    expect(question(40, { ...LONG, pid: 1001 })).toBe("y closes tcp [20…6]:54321 - [20…f]:65535");
  });

  test("without a process where none is known", () => {
    expect(question(80, { ...LONG, pid: null, comm: null, owners: [] })).toMatch(
      /^y closes tcp \[2001…\S*:6666\]:54321 - /,
    );
  });
});

function footerText(state: LiveState): string {
  return footerOf(state)
    .flatMap(({ spans }) => spans.map(({ text }) => text))
    .join("");
}

test("the footer says what Enter does to the row that is selected", () => {
  const table = exampleState(snapshotOf({ id: "1", cookie: 1 }));
  expect(footerText(table)).toMatch(/^Enter Look {2}\/ Search/);
  const shut = pressed(table, "t", "down").state;
  expect(footerText(shut)).toMatch(/^Enter Open {2}\/ Search/);
  const open = pressed(shut, "enter").state;
  expect(footerText(open)).toMatch(/^Enter Shut {2}\/ Search/);
  expect(footerText(pressed(open, "down").state)).toMatch(/^Enter Look /);
  expect(footerText(pressed(open, "enter").state)).toMatch(/^Enter Open /);
});
