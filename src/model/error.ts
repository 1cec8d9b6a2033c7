/** What went wrong, for programs: each code has one exit status (see src/cli/exit-status.ts). */
export type ErrorCode =
  /** The command line, or a value on it, makes no sense. */
  | "usage"
  /** What was asked for can't be had on this host: no such rung, no privilege, no library. */
  | "unavailable"
  /** It was begun, and failed. */
  | "failed";

/** Where the mend of what is `unavailable` lies, as far as there is one that tcptop knows. */
export type Remedy =
  /** A package to install. */
  | "package"
  /** Capabilities, or root. */
  | "privilege"
  /** Another kernel. */
  | "kernel"
  /** A security setting of this host: named, and never advised to be changed. */
  | "policy";

/** The one error that tcptop throws on purpose: what happened, and how to mend it. */
export class TcptopError extends Error {
  override readonly name = "TcptopError";
  readonly code: ErrorCode;
  /** What the user can do about it, as a sentence; empty where nothing can be done. */
  readonly mend: string;
  /** The long story for `--debug`: a verifier's log, libbpf's own words. */
  readonly detail: string | undefined;
  readonly remedy: Remedy | null;
  /** Lines to show below the one line, where a picture helps: what the user wrote, with the place marked. */
  readonly picture: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    mend: string,
    options: {
      readonly cause?: unknown;
      readonly detail?: string;
      readonly remedy?: Remedy;
      readonly picture?: readonly string[];
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.mend = mend;
    this.detail = options.detail;
    this.remedy = options.remedy ?? null;
    this.picture = options.picture ?? [];
  }

  /** The error as the one line that goes to stderr. */
  oneLine(): string {
    return this.mend === "" ? this.message : `${this.message}; ${this.mend}`;
  }
}
