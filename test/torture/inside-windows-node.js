// Runs in Windows' own Node: see windows-node.js.
import { writeFileSync } from "node:fs";
import "../support/windows-scripts.js";
import { WINE_POWERSHELL } from "../support/powershells.js";
import { STAND_IN } from "./amounts.js";
import { rows } from "./tally.js";

// Once a script can be started.
const { growth, service, standIn } = await import("./hosts.js");
const { faultyHost } = await import("../support/fake-host.js");
await growth(STAND_IN, faultyHost([]).executable);
await standIn(STAND_IN);
await service(WINE_POWERSHELL, process.env.TORTURE_POWERSHELL);
writeFileSync(process.env.TORTURE_ROWS, JSON.stringify(rows));
