import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { Host } from "../../src/powershell/host.js";
import {
  buildComServer,
  type ComServer,
  type Contract,
  installComServer,
  missingTools,
  STAND_IN,
  startComServer,
} from "../support/com-server/index.js";
import { ROOT } from "../support/packed.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix, type WinePrefix } from "../support/wine.js";
import {
  commandsOnAny,
  commandsOnBits,
  commandsOnDeliveryOptimization,
  commandsOnDownloads,
} from "./commands.cases.js";
import { bitsOnTheWire, deliveryOptimizationOnTheWire, downloadsOnTheWire } from "./wire.cases.js";

/** A contract of the stand-in service, for the tests of the module. */
export interface Service {
  readonly name: "delivery-optimization" | "bits";
  readonly modulePath: string;
  /** The program that is started as PowerShell; it exists only while the tests run. */
  readonly executable: () => string;
  readonly start: (...commands: string[]) => Promise<ComServer>;
  readonly host: () => Host;
}

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const obstacle = windowsPowerShell ? missingTools() : WINE_POWERSHELL;
const modulePath = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");

describe.skipIf(obstacle)(
  `the module on a ${STAND_IN}, ${WINE_POWERSHELL}${obstacle ? `, without ${obstacle}` : ""}`,
  () => {
    let prefix: WinePrefix;

    beforeAll(async () => {
      prefix = await makeWinePrefix(windowsPowerShell as string, { bitsStandsIn: false });
      await installComServer(prefix.path, await buildComServer(join(prefix.path, "..", "com-server")));
    });
    afterAll(() => prefix?.remove());

    function service(name: Service["name"], contract: Contract): Service {
      return {
        name,
        modulePath,
        executable: () => prefix.executable,
        start: (...commands) => startComServer(prefix.path, contract, commands),
        host: () =>
          new Host({
            executable: prefix.executable,
            modulePath,
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
  },
);
