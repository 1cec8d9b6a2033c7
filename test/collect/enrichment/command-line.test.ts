import { expect, test } from "vitest";
import { commandLine } from "../../../src/collect/enrichment/command-line.js";

function lineOf(text: string): string | null {
  return commandLine(Buffer.from(text, "utf8"));
}

test.each([
  ["arguments", "curl\0-sS\0http://192.0.2.1/\0", "curl -sS http://192.0.2.1/"],
  ["an empty argument", "sh\0-c\0\0x\0", "sh -c  x"],
  ["a title, as setproctitle() leaves it", "nginx: worker process\0\0\0\0\0", "nginx: worker process"],
  ["a title filled up with spaces", "sshd: root@pts/0       ", "sshd: root@pts/0"],
  ["not ended by a NUL: cut", "java\0-cp\0/usr/sha", "java -cp /usr/sha"],
  ["lines and tabs", "sh\0-c\0a\n\tb\r\0", "sh -c a  b"],
  [
    "escape sequences, C1, bidi, line separators",
    "a\u001b[2J\0\u009b31mb\0c\u202e\u2028d\u0007\0",
    "a[2J 31mb cd",
  ],
  ["other scripts", "größe\0日本\0", "größe 日本"],
])("%s", (_, text, line) => {
  expect(lineOf(text)).toBe(line);
});

test.each(["", "\0", "\0\0\0", "   ", "\u001b\0"])("nothing: %j", (text) => {
  expect(lineOf(text)).toBeNull();
});

test("a character that was cut in two is left out; what is no UTF-8 is marked", () => {
  expect(commandLine(Buffer.from("ab\u00e9").subarray(0, 3))).toBe("ab");
  expect(commandLine(Buffer.from([0x61, 0xff, 0x62, 0x00]))).toBe("a\ufffdb");
});
