// Writes the pages of docs/ that come from the code. Run from the project's root: node dist/scripts/generate-docs.js
import { writeFileSync } from "node:fs";
import { columnsDocument } from "./columns-document.js";
import { doctorDocument } from "./doctor-document.js";
import { filterDocument } from "./filter-document.js";
import { recordedRows } from "./kernel-results.js";
import { kernelsDocument } from "./kernels-document.js";
import { liveDocument } from "./live-document.js";
import { manPage } from "./man-page.js";
import { securityDocument } from "./security-document.js";

writeFileSync("docs/columns.md", columnsDocument());
writeFileSync("docs/filter.md", filterDocument());
writeFileSync("docs/live.md", liveDocument());
writeFileSync("docs/doctor.md", doctorDocument());
writeFileSync("docs/security.md", securityDocument());
writeFileSync("docs/tcptop.1", manPage());
writeFileSync("docs/kernels.md", kernelsDocument(recordedRows()));
