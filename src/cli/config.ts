import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";

import { TcptopError } from "../model/error.js";
import { nearestNames } from "../model/nearest-names.js";
import { harmless } from "../model/text.js";
import { TABLE_SETTINGS } from "./batch-request.js";
import { CONFIG_KEYS, type Config, DEFAULT_CONFIG } from "./config-keys.js";

/** Where a user's own settings are: the XDG base directory specification. */
export function configPath(environment: NodeJS.ProcessEnv): string {
  const given = environment["XDG_CONFIG_HOME"] ?? "";
  // The specification has relative paths ignored.
  const base = given.startsWith("/") ? given : join(homeFolder(), ".config");
  return join(base, "tcptop", "config.toml");
}

/** Without HOME, a user that passwd does not have, as in containers, is at home nowhere. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return "/";
  }
}

/** Not there; or in a folder that is somebody else's: su and sudo can leave the HOME of whom they were. */
const NOT_OURS = ["ENOENT", "ENOTDIR", "EACCES"];

/** The settings of the file; the defaults where there is none for this user. @throws TcptopError `usage` with the place and the mend. */
export function readConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && NOT_OURS.includes(String(error.code)))
      return DEFAULT_CONFIG;
    const why = error instanceof Error ? error.message : String(error);
    throw new TcptopError(
      "usage",
      `${path}: can't be read: ${harmless(why)}`,
      "mend that, or give --no-config",
    );
  }
  return parseConfig(text, path);
}

/** Reads TOML. What is left out is as in `DEFAULT_CONFIG`. */
export function parseConfig(text: string, path: string): Config {
  let config = DEFAULT_CONFIG;
  for (const [name, value] of Object.entries(parseToml(text, path))) {
    const key = CONFIG_KEYS.find((one) => one.name === name);
    if (key === undefined) throw unknownKey(name, path);
    const changed = key.read(value, config);
    if (typeof changed === "string") {
      throw new TcptopError("usage", `${path}: ${name}: ${changed}`, `for example: ${key.example}`);
    }
    config = changed;
  }
  return config;
}

/** The settings as a file that gives them, each with what it is for. */
export function printConfig(config: Config, path: string): string {
  const keys = CONFIG_KEYS.map((key) => `# ${key.doc}\n${key.print(config)}\n`);
  const readers = `the live view all of them, tables that --batch writes ${TABLE_SETTINGS.join(", ")}`;
  return `# tcptop reads these from ${harmless(path)}:\n# ${readers}.\n\n${keys.join("\n")}`;
}

function parseToml(text: string, path: string): object {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new TcptopError(
      "usage",
      `${path}:${error.line}:${error.column}: ${harmless(reason)}`,
      "mend that line",
    );
  }
}

function unknownKey(name: string, path: string): TcptopError {
  const near = nearestNames(
    name,
    CONFIG_KEYS.map((key) => key.name),
  );
  const mend =
    near.length > 0 ? `did you mean ${near.join(" or ")}?` : "`tcptop --print-config` lists what there is";
  return new TcptopError("usage", `${path}: ${harmless(name)}: no such setting`, mend);
}
