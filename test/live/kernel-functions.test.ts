import { expect, test } from "vitest";
import { parametersOfKernelFunctions } from "../../src/linux/kernel-functions.js";

test("parameters of this kernel's functions, by name; what it does not have is missing", () => {
  const found = parametersOfKernelFunctions([
    "udp_sendmsg",
    "tcp_sendmsg",
    "udp_destroy_sock",
    "no_such_function",
  ]);
  expect(Object.fromEntries(found)).toEqual({
    udp_sendmsg: ["sk", "msg", "len"],
    tcp_sendmsg: ["sk", "msg", "size"],
    udp_destroy_sock: ["sk"],
  });
});
