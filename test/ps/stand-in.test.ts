import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { Host } from "../../src/powershell/host.js";
import {
  type Contract,
  makeStandInPrefix,
  missingTools,
  STAND_IN,
  startComServer,
} from "../support/com-server/index.js";
import { ROOT } from "../support/packed.js";
import { startFarCom } from "../support/far-com/index.js";
import { DESKTOP_POWERSHELL, powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import type { WinePrefix } from "../support/wine.js";
import { commandsOnAny } from "./commands/any.js";
import { commandsOnBits } from "./commands/bits.js";
import { commandsOnDeliveryOptimization, commandsOnDownloads } from "./commands/delivery-optimization.js";
import type { Service } from "./service.js";
import { bitsOnTheWire } from "./wire/bits.js";
import { deliveryOptimizationOnTheWire } from "./wire/delivery-optimization.js";
import { downloadsOnTheWire } from "./wire/downloads.js";

/** A PowerShell with a module that reaches the service in a prefix. */
interface Client {
  readonly executable: string;
  readonly modulePath: string;
  stop(): Promise<void>;
}

const modulePath = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");

/** The PowerShell of the prefix itself. */
async function near({ executable }: WinePrefix): Promise<Client> {
  return { executable, modulePath, stop: async () => {} };
}

/** A PowerShell without COM. */
async function far({ executable }: WinePrefix): Promise<Client> {
  const com = await startFarCom(executable);
  return { executable: powerShellPath(DESKTOP_POWERSHELL) as string, modulePath: com.modulePath, stop: com.stop };
}

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const obstacle = windowsPowerShell ? missingTools() : WINE_POWERSHELL;

describe.each([
  [WINE_POWERSHELL, near, obstacle],
  [DESKTOP_POWERSHELL, far, powerShellPath(DESKTOP_POWERSHELL) ? obstacle : DESKTOP_POWERSHELL],
])(`the module on a ${STAND_IN}, %s`, (_label, reach, missing) => {
  describe.skipIf(missing)(missing ? `without ${missing}` : "in a prefix of its own", () => {
    let prefix: WinePrefix;
    let client: Client;

    beforeAll(async () => {
      prefix = await makeStandInPrefix(windowsPowerShell as string);
      client = await reach(prefix);
    });
    afterAll(async () => {
      await client?.stop();
      prefix?.remove();
    });

    function service(name: Service["name"], contract: Contract): Service {
      return {
        name,
        modulePath: () => client.modulePath,
        executable: () => client.executable,
        start: (...commands) => startComServer(prefix.path, contract, commands),
        host: () =>
          new Host({
            executable: client.executable,
            modulePath: client.modulePath,
            executionPolicy: "RemoteSigned",
            service: name,
            language: { locale: "en", wording: "documented" },
          }),
      };
    }

    describe("that speaks bits", () => {
      bitsOnTheWire(service("bits", "bits"));
      commandsOnAny(service("bits", "bits"), "bits");
      commandsOnBits(service("bits", "bits"));
    });
    describe("that speaks do-job", () => {
      deliveryOptimizationOnTheWire(service("delivery-optimization", "do-job"));
      commandsOnAny(service("delivery-optimization", "do-job"), "do-job");
      commandsOnDeliveryOptimization(service("delivery-optimization", "do-job"));
    });
    describe("that speaks do-download", () => {
      downloadsOnTheWire(service("delivery-optimization", "do-download"));
      commandsOnAny(service("delivery-optimization", "do-download"), "do-download");
      commandsOnDownloads(service("delivery-optimization", "do-download"));
    });
  });
});
