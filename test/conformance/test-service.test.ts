import { TestService } from "../../src/testing.js";
import { RunningClock } from "../support/running-clock.js";
import { CONTRACTS } from "./contracts.js";
import { conformance } from "./suite.js";

// A TestService that stands for a service of Windows passes the tests of that service.

for (const { contract, service, capabilities, ...traits } of CONTRACTS) {
  conformance(
    `a TestService as ${contract}`,
    () => new TestService({ service, interface: capabilities.interface, clock: new RunningClock() }).connect(),
    {
      ...traits,
      missingFile: { ...traits.missingFile, url: (server) => server.url("/file?status=404") },
      wholeFile: (server) => server.url("/file"),
      heldFile: (server) => server.url("/file?size=1000000&pause=65536"),
      path: (path) => path,
    },
  );
}
