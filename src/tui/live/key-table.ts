/** What a key does in the live view. */
export type Command =
  | "quit"
  | "help"
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "first"
  | "last"
  | "open"
  | "back"
  | "toggle-group"
  | "search"
  | "next-match"
  | "previous-match"
  | "filter"
  | "sort-menu"
  | "sort-left"
  | "sort-right"
  | "reverse"
  | "group"
  | "columns"
  | "interval"
  | "pause"
  | "step"
  | "freeze"
  | "active"
  | "listening"
  | "closed"
  | "pairs"
  | "names"
  | "row-filter"
  | "save"
  | "kill"
  | "redraw"
  | "suspend";

export type Section = "Moving" | "Finding" | "Arranging" | "Time" | "Doing";

/** One line of the help, the footer and the manual. */
export interface KeyBinding {
  readonly command: Command;
  /** As the decoder of keys names them; the first is the one that is shown. */
  readonly keys: readonly string[];
  readonly section: Section;
  /** For the footer, where it belongs there: one word. */
  readonly label: string | null;
  readonly doc: string;
}

/** Every key of the table of connections, with the habits of top, htop and less. */
export const KEY_TABLE: readonly KeyBinding[] = [
  key("up", ["up", "k"], "Moving", null, "to the row above"),
  key("down", ["down", "j"], "Moving", null, "to the row below"),
  key("page-up", ["page-up", "ctrl+b"], "Moving", null, "one screen up"),
  key("page-down", ["page-down", "ctrl+f"], "Moving", null, "one screen down"),
  key("first", ["home", "g"], "Moving", null, "to the first row"),
  key("last", ["end", "G"], "Moving", null, "to the last row"),
  key("open", ["enter"], "Moving", "Look", "look closer at the row; open or shut a group"),
  key("toggle-group", ["space"], "Moving", null, "open or shut the row's group"),
  key("back", ["escape"], "Moving", null, "back; drop the search, then the filter"),
  key("search", ["/", "f3"], "Finding", "Search", "search while you type"),
  key("next-match", ["n"], "Finding", null, "to the next match"),
  key("previous-match", ["N"], "Finding", null, "to the match before"),
  key(
    "filter",
    ["f", "f4"],
    "Finding",
    "Filter",
    "show only what a filter matches, as in: tcp port 443; Tab completes",
  ),
  key(
    "row-filter",
    ["y"],
    "Finding",
    null,
    "print a filter that matches the row or the group, and nothing else",
  ),
  key("sort-menu", ["s", "f6"], "Arranging", "Sort", "choose the column to sort by"),
  key("sort-left", ["<"], "Arranging", null, "sort by the column to the left"),
  key("sort-right", [">"], "Arranging", null, "sort by the column to the right"),
  key("reverse", ["R", "I"], "Arranging", null, "the other way round"),
  key(
    "group",
    ["t", "f5"],
    "Arranging",
    "Group",
    "group by process, remote host, local port, container, user, state",
  ),
  key("columns", ["c", "f2"], "Arranging", "Columns", "choose and order the columns"),
  key("active", ["a"], "Arranging", null, "only what moves, or all"),
  key("listening", ["l"], "Arranging", null, "listening sockets, or connections"),
  key("closed", ["e"], "Arranging", null, "how long ended connections stay: not at all, 5, 30 seconds"),
  key("pairs", ["m"], "Arranging", null, "both ends on this host as one row, client -> server"),
  key("names", ["D"], "Arranging", null, "names of remote hosts, of /etc/hosts or DNS"),
  key("pause", ["p", "Z"], "Time", "Pause", "hold the numbers; collecting goes on"),
  key("step", ["."], "Time", null, "while they are held: on to what is now"),
  key("freeze", ["o"], "Time", null, "hold the order of the rows"),
  key("interval", ["d"], "Time", null, "the interval in seconds"),
  key("save", ["S"], "Doing", null, "write what is shown to a file, as NDJSON"),
  key("kill", ["K"], "Doing", null, "close the connection (with --allow-kill)"),
  key("redraw", ["ctrl+l"], "Doing", null, "draw the screen anew"),
  key("suspend", ["ctrl+z"], "Doing", null, "suspend"),
  key("help", ["?", "h", "f1"], "Doing", "Help", "this help"),
  key("quit", ["q", "ctrl+c", "f10"], "Doing", "Quit", "quit"),
];

/** What the keys do here: the table, but for what the user has changed. */
export class KeyBindings {
  readonly table: readonly KeyBinding[];
  readonly #commands: ReadonlyMap<string, Command>;

  /** `changes` are the keys of some commands, in place of theirs. A key that another command had is that one's no more. */
  constructor(changes: ReadonlyMap<Command, readonly string[]> = new Map()) {
    const taken = new Set([...changes.values()].flat());
    this.table = KEY_TABLE.map((binding) => {
      const own = changes.get(binding.command);
      return { ...binding, keys: own ?? binding.keys.filter((name) => !taken.has(name)) };
    });
    this.#commands = new Map(
      this.table.flatMap(({ keys, command }) => keys.map((name) => [name, command] as const)),
    );
  }

  /** Undefined for a key that does nothing. */
  commandOf(keyName: string): Command | undefined {
    return this.#commands.get(keyName);
  }
}

function key(
  command: Command,
  keys: readonly string[],
  section: Section,
  label: string | null,
  doc: string,
): KeyBinding {
  return { command, keys, section, label, doc };
}
