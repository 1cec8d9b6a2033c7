import { findColumn } from "../model/columns.js";
import { KeyBindings } from "../tui/live/key-table.js";
import { DEFAULT_SETTINGS, type Settings } from "../tui/live/settings.js";
import { charsetOf } from "../tui/screen/charset.js";
import { backgroundFrom } from "../tui/theme/background.js";
import { canAskBackground, chartSymbolsOf, colorDepth } from "../tui/theme/environment.js";
import type { Config } from "./config-keys.js";
import type { LiveRequest } from "./live.js";
import type { Options } from "./options.js";

/** What the live view starts with: what the command line says, else what the user's settings say. */
export function liveRequest(
  options: Options,
  config: Config,
  terminal: LiveRequest["terminal"],
  environment: NodeJS.ProcessEnv,
): LiveRequest {
  const { theme } = config;
  const depth = colorDepth(environment, options.colors && theme !== "none");
  return {
    options: {
      intervalMs: options.intervalMs ?? config.intervalMs,
      settings: settingsOf(options, config),
      canKill: options.allowKill,
      keys: new KeyBindings(config.keys),
      chartSymbols: chartSymbolsOf(environment),
    },
    colorDepth: depth,
    background: theme === "light" || theme === "dark" ? theme : (backgroundFrom(environment) ?? "dark"),
    asksBackground: theme === "auto" && depth !== "none" && canAskBackground(environment),
    charset: charsetOf(environment),
    terminal,
    count: options.count,
  };
}

function settingsOf(options: Options, config: Config): Settings {
  const { family, proto, pid, sort, filter, groupBy, active, listening } = options;
  const column = findColumn(sort?.column?.name ?? "")?.name;
  return {
    ...DEFAULT_SETTINGS,
    base: {
      ...(family === null ? {} : { family }),
      ...(proto === null ? {} : { proto }),
      ...(pid === null ? {} : { pid }),
    },
    filter,
    sort: sort && column !== undefined ? { column, direction: sort.direction } : config.sort,
    groupBy: groupBy ?? config.groupBy,
    active,
    listening,
    closedMs: config.closedMs,
    names: config.names,
    columns: config.columns ?? DEFAULT_SETTINGS.columns,
    listeningColumns: config.listeningColumns ?? DEFAULT_SETTINGS.listeningColumns,
  };
}
