import type { Feature } from "../../linux/features.js";
import { TcptopError } from "../../model/error.js";

/**
 * The reason behind a load that failed: a feature that this kernel lacks, where there is one and the failure does not know
 * better. Only then, since asking takes as long as loading.
 */
export function explainLoadFailure(error: TcptopError, features: readonly Feature[]): TcptopError {
  if (error.remedy !== null && error.remedy !== "kernel") return error;
  const missing = features.filter(({ probe }) => probe().kind === "no");
  if (missing.length === 0) return error;
  const what = missing.map(({ name, minimumKernel }) => `${name} (Linux ${minimumKernel})`).join(", ");
  return new TcptopError("unavailable", `this kernel has no ${what}`, "run tcptop on a newer kernel", {
    cause: error,
    detail: error.detail ?? error.message,
    remedy: "kernel",
  });
}
