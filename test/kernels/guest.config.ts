import { defineConfig } from "vitest/config";
import { serialReporter } from "./serial-reporter.js";

// What can run in a guest, which has loopback and nothing else: no ip, no nft, no compiler.
// Vitest takes its configuration from the default export.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default defineConfig({
  test: {
    include: ["test/kernels/*.guest.ts", "test/live/tcp-exact.test.ts", "test/live/tcp-lifetimes.test.ts"],
    environment: "node",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: [serialReporter()],
  },
});
