// Every fault of a host, for every method of the protocol.
import { BridgeError } from "../../dist/bundle/index.js";
import { openPowerShellService } from "../../dist/powershell/index.js";
import { faultyHost } from "../support/fake-host.js";
import { AMOUNT, LANGUAGE, STAND_IN } from "./amounts.js";
import { echo, sameText } from "./load.js";
import { Tally } from "./tally.js";

export const guid = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;

const JOBS = { jobIds: [guid(1)] };
const VERBS = {
  "host.echo": { text: "x" },
  "job.list": { allUsers: false, page: 0 },
  "job.describe": { ...JOBS, detail: "progress", languageId: 0 },
  "job.create": { displayName: "a job", type: 0, settings: {}, files: [] },
  "job.set": { jobId: guid(1), settings: { priority: 1 } },
  "job.setCredentials": { jobId: guid(1), target: 1, scheme: 1, userName: "u", password: "p" },
  "job.removeCredentials": { jobId: guid(1), target: 1, scheme: 1 },
  "job.takeOwnership": { jobId: guid(1) },
  "job.replaceRemotePrefix": { jobId: guid(1), oldPrefix: "a", newPrefix: "b" },
  "job.addFile": { jobId: guid(1), remoteUrl: "http://127.0.0.1/", localName: "C:\\x" },
  "job.suspend": JOBS,
  "job.resume": JOBS,
  "job.complete": JOBS,
  "job.cancel": { ...JOBS, languageId: 0 },
};
const REPEATED = ["host.echo", "job.list", "job.describe", "job.cancel"];
/** The faults, and whether the pending answer is lost with them. */
const FAULTS = {
  "dies before": true,
  "dies after": true,
  "dies in the answer": true,
  "dies when it has answered": false,
  "closes its output": true,
  hangs: true,
  "hangs when it has done it": true,
  "answers half": true,
  "answers nothing": true,
  "answers null": true,
  "answers out of turn": true,
  "sends an unrequested answer": true,
  "answers twice": false,
  "reports ready again": true,
  "begins a line": false,
  "writes code pages": false,
  "writes 64 MB": false,
  "writes 64 MB of lines": false,
  "complains of 64 MB": false,
  "is slow": false,
};

export async function faults() {
  for (const [i, [act, loses]] of Object.entries(FAULTS).entries()) {
    const tally = new Tally({ mayRefuse: true });
    const hangs = act.startsWith("hangs");
    // If not every method meets every fault, each meets some of them.
    const verbs = Object.entries(VERBS).filter((_, n) => (i + n) % AMOUNT.everyVerb === 0);
    for (let round = 0; round < AMOUNT.rounds; round++) {
      for (const [method, params] of verbs) {
        const { executable } = faultyHost([{ method, act }]);
        const port = await openPowerShellService({ service: "bits", language: LANGUAGE, executable });
        const outcome = await tally.count(port.request(method, params, { timeoutInMs: hangs ? 200 : 60_000 }));
        const refused = outcome instanceof BridgeError;
        if (refused !== (loses && (hangs || !REPEATED.includes(method)))) {
          tally.wrong.push(`${method} was ${refused ? "refused" : "answered"}`);
        }
        await tally.count(echo(port, "after it"), sameText("after it"));
        await port.close();
      }
    }
    tally.report(STAND_IN, `that ${act}: ${verbs.length} verbs, and a call after each`);
  }
}
