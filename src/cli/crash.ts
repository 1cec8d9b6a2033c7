/**
 * What `work` resolves to; rejects as soon as anything fails that nobody waits for: a timer, a key that was heard. Who called
 * can then put things right as after any other failure. (The terminal gives itself back before.)
 */
export function unlessCrashed<Result>(work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    process.on("uncaughtException", reject);
    work.then(resolve, reject).finally(() => process.off("uncaughtException", reject));
  });
}
