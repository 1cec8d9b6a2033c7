import { defineConfig } from "vitest/config";

// Vitest takes its configuration from the default export.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/live/**"],
          environment: "node",
          // For what hangs, not for what is slow: a machine can have other things to do.
          testTimeout: 60_000,
        },
      },
      {
        // These talk to the kernel: they share this host's sockets, so one file runs at a time.
        test: {
          name: "live",
          include: ["test/live/**/*.test.ts"],
          environment: "node",
          pool: "forks",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
