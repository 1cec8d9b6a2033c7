import { buildTraffic, TRAFFIC_PROGRAMS } from "../traffic/build.js";

// Builds all generators, since a guest has no compiler: build-traffic.js [COMPILER FOLDER].

const [compiler, folder] = process.argv.slice(2);
const target = compiler === undefined || folder === undefined ? undefined : { compiler, folder };
for (const program of TRAFFIC_PROGRAMS) buildTraffic(program, target);
