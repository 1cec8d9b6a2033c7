import { buildTraffic, TRAFFIC_PROGRAMS } from "../traffic/build.js";

// Builds all generators: a guest has no compiler.
for (const program of TRAFFIC_PROGRAMS) buildTraffic(program);
