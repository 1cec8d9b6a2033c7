import { parametersOfKernelFunctions } from "../../linux/kernel-functions.js";
import { TcptopError } from "../../model/error.js";

/** Programs for one kernel function, by the parameters that it has on the kernels that they are for. */
export interface FunctionPrograms {
  readonly kernelFunction: string;
  /** The parameters' names as in BTF, separated by blanks, and the programs that read them. */
  readonly byParameters: ReadonlyMap<string, readonly string[]>;
  /** The kernel may be without it: then nothing goes that way. */
  readonly isOptional: boolean;
}

/** Each layout is the parameters' names, separated by blanks, and the programs for it. */
export function functionPrograms(
  kernelFunction: string,
  layouts: readonly (readonly [parameters: string, ...programs: string[]])[],
  { isOptional = false }: { readonly isOptional?: boolean } = {},
): FunctionPrograms {
  const byParameters = new Map(layouts.map(([parameters, ...programs]) => [parameters, programs]));
  return { kernelFunction, byParameters, isOptional };
}

/**
 * The programs that fit this kernel's functions.
 * @throws TcptopError `unavailable` when a function is missing, or has other parameters than are known.
 */
export function programsForThisKernel(functions: readonly FunctionPrograms[]): readonly string[] {
  const known = parametersOfKernelFunctions(functions.map(({ kernelFunction }) => kernelFunction));
  return programsFor(functions, known);
}

/** The same for a kernel that has these functions with these parameters. */
export function programsFor(
  functions: readonly FunctionPrograms[],
  known: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return functions.flatMap(({ kernelFunction, byParameters, isOptional }) => {
    const parameters = known.get(kernelFunction);
    if (parameters === undefined && isOptional) return [];
    const programs = byParameters.get(parameters?.join(" ") ?? "");
    if (programs !== undefined) return programs;
    throw unknownFunction(kernelFunction, parameters);
  });
}

function unknownFunction(kernelFunction: string, parameters: readonly string[] | undefined): TcptopError {
  const message =
    parameters === undefined
      ? `this kernel's BTF has no function ${kernelFunction}`
      : `this kernel's ${kernelFunction}(${parameters.join(", ")}) is not known to this version of tcptop`;
  return new TcptopError("unavailable", message, "");
}
