import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parsePasswd, UserNames } from "../../../src/collect/enrichment/user-names.js";

const PASSWD = [
  "root:x:0:0:root:/root:/bin/bash",
  "toor:x:0:0::/root:/bin/sh",
  "www-data:x:33:33::/var/www:/usr/sbin/nologin",
  "",
  "# comment",
  "+nis",
  "broken:x",
  ":x:34:34::/:",
  "word:x:thirtyfive:0::/:",
].join("\n");

test("users by number: of two with one number the first, and no lines that are none", () => {
  expect([...parsePasswd(PASSWD)]).toEqual([
    [0, "root"],
    [33, "www-data"],
  ]);
});

test("a user without a name is a number", async () => {
  const { path } = passwdOfTest(PASSWD);
  const users = new UserNames(path);
  expect(users.nameOf(33)).toBe("33");
  await users.refresh(0);
  expect([users.nameOf(33), users.nameOf(1000)]).toEqual(["www-data", "1000"]);
});

test("read again when the file has changed, looked at once a second", async () => {
  const { path, change } = passwdOfTest(PASSWD);
  const users = new UserNames(path);
  await users.refresh(0);
  change("web:x:33:33::/:\n");
  await users.refresh(999);
  expect(users.nameOf(33)).toBe("www-data");
  await users.refresh(1000);
  expect(users.nameOf(33)).toBe("web");
});

test("whoever asks while the file is being read waits for it too", async () => {
  const users = new UserNames(passwdOfTest(PASSWD).path);
  const first = users.refresh(0);
  await users.refresh(1);
  expect(users.nameOf(33)).toBe("www-data");
  await first;
});

test("without the file, numbers", async () => {
  const users = new UserNames("/nonexistent/passwd");
  await users.refresh(0);
  expect(users.nameOf(0)).toBe("0");
});

function passwdOfTest(text: string): { readonly path: string; readonly change: (text: string) => void } {
  const folder = mkdtempSync(join(tmpdir(), "passwd-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "passwd");
  writeFileSync(path, text);
  return {
    path,
    change: (changed) => {
      writeFileSync(path, changed);
      utimesSync(path, 1, 1);
    },
  };
}
