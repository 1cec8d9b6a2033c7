import koffi from "koffi";

import { kernelBtf } from "./kernel-btf.js";
import { libbpf } from "./libbpf.js";
import type { Address } from "./libc.js";

/** include/uapi/linux/btf.h */
const BTF_KIND_FUNC = 12;
const TYPE_BYTES = 12;
const PARAMETER_BYTES = 8;
const PARAMETER_COUNT_MASK = 0xffff;

/**
 * The names of the parameters of kernel functions, from the running kernel's BTF. A function that is not there, or was
 * inlined, is missing; without BTF all are.
 */
export function parametersOfKernelFunctions(
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const btf = kernelBtf();
  if (btf === null) return new Map();
  return new Map(
    names.flatMap((name) => {
      const parameters = parametersOf(btf, name);
      return parameters === null ? [] : [[name, parameters]];
    }),
  );
}

function parametersOf(btf: Address, name: string): readonly string[] | null {
  const id = libbpf().findBtfType(btf, name, BTF_KIND_FUNC);
  if (id <= 0) return null;
  // struct btf_type: name_off, info, type; a prototype is followed by an array of struct btf_param: name_off, type.
  const prototypeId = typeAt(btf, id, TYPE_BYTES).getUint32(8, true);
  const count = typeAt(btf, prototypeId, TYPE_BYTES).getUint32(4, true) & PARAMETER_COUNT_MASK;
  const prototype = typeAt(btf, prototypeId, TYPE_BYTES + count * PARAMETER_BYTES);
  return Array.from({ length: count }, (_, index) =>
    libbpf().btfName(btf, prototype.getUint32(TYPE_BYTES + index * PARAMETER_BYTES, true)),
  );
}

function typeAt(btf: Address, id: number, bytes: number): DataView {
  const type = libbpf().btfType(btf, id);
  if (type === null) throw new TypeError(`the kernel's BTF has no type ${id}`);
  return new DataView(koffi.view(type, bytes));
}
