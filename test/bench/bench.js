// `npm run bench`: the cost of a call, as ratios within one run. With Wine and its PowerShell, it also measures COM.
import { PWSH, powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix } from "../support/wine.js";
import { measureBridge, memoryGrowth } from "./bridge.js";
import { measureCancel, measureReading } from "./com.js";
import { measureFleet } from "./fleet.js";
import { print } from "./timing.js";

async function main() {
  await measureFleet();
  print("1,000 hosts in memory");
  const pwsh = powerShellPath(PWSH);
  if (pwsh) {
    await measureBridge(pwsh);
    print(`${PWSH} (${pwsh})`);
  } else {
    console.log(`did not find ${PWSH}`);
  }
  const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
  if (windowsPowerShell) {
    const prefix = await makeWinePrefix(windowsPowerShell);
    try {
      await measureBridge(prefix.executable);
      // Before the jobs are canceled, because canceled jobs remain in Wine's list.
      await measureReading(prefix.executable);
      await measureCancel(prefix.executable);
      print(`${WINE_POWERSHELL} (${windowsPowerShell})`);
    } finally {
      prefix.remove();
    }
  } else {
    console.log(`did not find ${WINE_POWERSHELL}`);
  }
}

const [option, executable] = process.argv.slice(2);
if (option === "--memory") {
  console.log(JSON.stringify(await memoryGrowth(executable)));
} else {
  await main();
}
