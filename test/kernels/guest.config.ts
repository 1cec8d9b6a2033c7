import { defineConfig } from "vitest/config";
import { GUEST_FILES, GUEST_RUNGS, HOST } from "./guest-settings.js";
import { filesOf } from "./matrix.js";
import { serialReporter } from "./serial-reporter.js";

// One project a rung, which its tests force. A guest has loopback and nothing else: no nft, no compiler.
// Vitest takes its configuration from the default export.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default defineConfig({
  test: {
    pool: "forks",
    fileParallelism: false,
    isolate: false,
    reporters: [serialReporter(HOST)],
    projects: GUEST_RUNGS.map((rung) => ({
      test: {
        name: rung,
        env: { TCPTOP_TEST_RUNG: rung },
        include:
          GUEST_FILES.length > 0
            ? GUEST_FILES.map((name) => `test/{kernels,live}/${name}{,.guest,.test}.ts`)
            : Object.values(filesOf(HOST, rung)).flat(),
        environment: "node",
        testTimeout: 60_000,
        hookTimeout: 120_000,
      },
    })),
  },
});
