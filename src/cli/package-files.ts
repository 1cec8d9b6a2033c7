import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The package's root, seen from dist/src/cli. */
const ROOT = new URL("../../../", import.meta.url);

/** The folder of compiled BPF programs. */
export const BPF_FOLDER: string = fileURLToPath(new URL("bpf/", ROOT));

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest && typeof manifest.version === "string" ? manifest.version : "unknown";
}
