import type { SocketState } from "../../model/tcp.js";
import type { Style } from "../screen/style.js";
import { PLAIN, type StyleId, type StyleTable } from "../screen/style-table.js";
import type { Background } from "./background.js";
import type { ColorDepth } from "./environment.js";
import { HEAT_LOOKS, LOOKS, type LookName, SELECTION } from "./looks.js";
import { colorOf, type Look } from "./palette.js";

/** Bytes a second from which on a rate is one step hotter. */
const HEAT_RATES = [Number.MIN_VALUE, 10_000, 100_000, 1_000_000, 10_000_000];

const STATE_LOOKS: Readonly<Record<SocketState, LookName>> = {
  ESTABLISHED: "established",
  SYN_SENT: "opening",
  SYN_RECV: "opening",
  FIN_WAIT1: "closing",
  FIN_WAIT2: "closing",
  TIME_WAIT: "closed",
  CLOSE: "closed",
  CLOSE_WAIT: "closing",
  LAST_ACK: "closing",
  LISTEN: "listening",
  CLOSING: "closing",
  UNCONN: "plain",
};

/** Looks as a terminal has them: styles by meaning. */
export class Theme {
  readonly #styles: StyleTable;
  readonly #depth: ColorDepth;
  readonly #background: Background;
  readonly #selected = new Map<StyleId, StyleId>();
  readonly #heat: readonly StyleId[];
  readonly #looks = new Map<LookName, StyleId>();

  constructor(styles: StyleTable, depth: ColorDepth, background: Background) {
    this.#styles = styles;
    this.#depth = depth;
    this.#background = background;
    this.#heat = HEAT_LOOKS.map((look) => this.#styleOf(look));
  }

  /** The style of a meaning. */
  look(name: LookName): StyleId {
    const known = this.#looks.get(name);
    if (known !== undefined) return known;
    const made = this.#styleOf(LOOKS[name]);
    this.#looks.set(name, made);
    return made;
  }

  /** The style of a rate in bytes a second; null: not known. */
  heat(rate: number | null): StyleId {
    let level = 0;
    while (level < HEAT_RATES.length && (rate ?? 0) >= (HEAT_RATES[level] ?? 0)) level++;
    return this.#heat[level] ?? PLAIN;
  }

  state(state: SocketState): StyleId {
    return this.look(STATE_LOOKS[state]);
  }

  /** How a cell looks in the selected row, for `Screen.restyle`. */
  readonly selected = (style: StyleId): StyleId => {
    const known = this.#selected.get(style);
    if (known !== undefined) return known;
    const made = this.#select(style);
    this.#selected.set(style, made);
    return made;
  };

  #select(style: StyleId): StyleId {
    // Sixteen colours have none that all of the others can be read on: there, and without colours, it is reversed.
    if (this.#depth === "none" || this.#depth === "16") {
      const { bold, underline } = this.#styles.style(style);
      return this.#styles.id({ bold, underline, reverse: true });
    }
    const behind = { ...SELECTION, dark16: null, light16: null };
    return this.#styles.over(style, { background: colorOf(behind, this.#depth, this.#background) });
  }

  #styleOf({ tone, weight, mark }: Look): StyleId {
    const foreground = tone === null ? null : colorOf(tone, this.#depth, this.#background);
    const marks: Partial<Style> = foreground === null && mark !== undefined ? mark : {};
    return this.#styles.id({ foreground, ...weight, ...marks });
  }
}
