import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { manPage } from "../../scripts/man-page.js";
import { CONFIG_KEYS } from "../../src/cli/config-keys.js";
import { parseOptions } from "../../src/cli/options.js";
import { COLUMNS } from "../../src/model/columns.js";
import { KEY_TABLE } from "../../src/tui/live/key-table.js";

const ROOT = new URL("../../", import.meta.url);

test("what tcptop's texts refer to is there where it is installed", () => {
  const help = parseOptions(["--help"], "1.2.3");
  const texts = [
    help.kind === "help" ? help.text : "",
    manPage().replaceAll("\\-", "-"),
    readFileSync(new URL("README.md", ROOT), "utf8"),
    ...[...KEY_TABLE, ...CONFIG_KEYS, ...COLUMNS].map(({ doc }) => doc),
  ];
  const referred = new Set(texts.flatMap((text) => text.match(/\bdocs\/[\w-]+\.\w+/g) ?? []));
  expect(referred.size).toBeGreaterThan(3);
  const { files, man } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
  expect(files).toContain("docs");
  for (const path of [...referred, man]) expect(existsSync(fileURLToPath(new URL(path, ROOT)))).toBe(true);
});
