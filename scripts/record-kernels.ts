// Takes the last run of the matrix into the repository. Run from the project's root: node dist/scripts/record-kernels.js
import { writeFileSync } from "node:fs";
import { recordLastRun } from "./kernel-results.js";
import { kernelsDocument } from "./kernels-document.js";

writeFileSync("docs/kernels.md", kernelsDocument(recordLastRun()));
