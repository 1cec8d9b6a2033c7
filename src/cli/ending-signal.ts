import { ENDING_SIGNALS } from "../model/ending-signals.js";

export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** The process was asked to end before there was an answer. */
export class AskedToEnd extends Error {
  readonly signal: EndingSignal;

  constructor(signal: EndingSignal) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}

/** Aborted when the process is asked to end, with an `AskedToEnd`. */
export function endingSignal(): AbortController {
  const stop = new AbortController();
  for (const signal of ENDING_SIGNALS) process.on(signal, () => stop.abort(new AskedToEnd(signal)));
  return stop;
}

/** What `work` resolves to; rejects with `AskedToEnd` as soon as that is so, and then nobody minds what becomes of the work. */
export async function unlessAskedToEnd<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result> {
  const done = await unlessStopped(
    work.then((result) => ({ result })),
    stop,
  );
  if (done === null) throw stop.reason;
  return done.result;
}

/** What `work` resolves to; null as soon as `stop` is signalled. A failure after that is nobody's business. */
export function unlessStopped<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result | null> {
  return new Promise((resolve, reject) => {
    const leave = () => resolve(null);
    if (stop.aborted) leave();
    stop.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => stop.removeEventListener("abort", leave));
  });
}
