import { RUNGS, type Rung } from "../../src/model/rung.js";
import { ARCHITECTURES, type Host, KERNELS } from "./matrix.js";

// What test/kernels/init found on its kernel's command line, as environment variables.

const {
  TCPTOP_GUEST_KERNEL,
  TCPTOP_GUEST_ARCH,
  TCPTOP_GUEST_RUNGS = "",
  TCPTOP_GUEST_FILES = "",
} = process.env;

/** The machine that this guest is. */
export const HOST: Host = {
  kernel: oneOf(KERNELS, TCPTOP_GUEST_KERNEL),
  architecture: oneOf(ARCHITECTURES, TCPTOP_GUEST_ARCH),
};

/** The rungs to try in this run. */
export const GUEST_RUNGS: readonly Rung[] = listOf(TCPTOP_GUEST_RUNGS).map((name) => oneOf(RUNGS, name));

/** Names of test files to run instead of the suites', "udp-exact"; usually none. */
export const GUEST_FILES: readonly string[] = listOf(TCPTOP_GUEST_FILES);

function listOf(text: string): readonly string[] {
  return text.split(",").filter(Boolean);
}

function oneOf<Known extends string>(known: readonly Known[], text: string | undefined): Known {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new Error(`test/kernels: ${text} is none of ${known.join(", ")}`);
  return found;
}
