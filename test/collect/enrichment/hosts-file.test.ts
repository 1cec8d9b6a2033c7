import { expect, test } from "vitest";
import { nameInHosts } from "../../../src/collect/enrichment/hosts-file.js";

const HOSTS = `
# 192.0.2.9 commented
127.0.0.1 localhost
192.0.2.1\tfirst alias # of ours
192.0.2.1 second
2001:DB8:0::1   six
192.0.2.3
192.0.2.4 # nameless
`;

test.each([
  ["192.0.2.1", "first"],
  ["2001:db8::1", "six"],
  ["192.0.2.3", null],
  ["192.0.2.4", null],
  ["192.0.2.9", null],
  ["192.0.2.10", null],
])("%s is called %s", (address, name) => {
  expect(nameInHosts(HOSTS, address)).toBe(name);
});
