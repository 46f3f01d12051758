import { describe, expect, it } from "vitest";
import { CONTRACTS, type ContractTraits } from "../../conformance/contracts.js";
import { type Contract, HELD } from "../../support/com-server/index.js";
import type { Service } from "../service.js";
import { NOBODY, type Properties, session, target } from "./session.js";

// Every command, on every contract.

/** The documented behavior of every command with every contract: each command runs at least once. */
export function commandsOnAny(service: Service, contract: Contract): void {
  const traits = CONTRACTS.find((one) => one.contract === contract) as ContractTraits;
  const { invalidState, notFound, empty, completeOfUnfinished, capabilities } = traits;

  describe("and every command", () => {
    const { run, get } = session(service);

    it("does what is documented, and is refused where that is", async () => {
      const driven = new Set<string>();
      const ran = (command: string, rest: string) => {
        driven.add(command);
        return `${command} ${rest} -Service ${service.name}`;
      };
      const refused = async (command: string, rest: string, code: string) => {
        const { output, errors } = await run(ran(command, rest));
        expect(output, command).toEqual([]);
        expect(errors, command).toMatchObject([{ id: `${code},${command}`, message: expect.stringMatching(/\S\.$/) }]);
      };
      const verb = async (name: string, jobId: string, Code: string, StateAfter: string) => {
        const { output, errors } = await run(ran(`${name}-BackgroundCopyJob`, `${jobId} -PassThru`));
        expect(errors, name).toEqual([]);
        expect(output, name).toMatchObject([{ JobId: jobId, Code, StateAfter: `BG_JOB_STATE_${StateAfter}` }]);
      };

      const localName = target();
      const [{ JobId, State }] = (await get(ran("New-BackgroundCopyJob", "'A whole life'"))) as [Properties];
      const jobId = JobId as string;
      expect(State).toBe("BG_JOB_STATE_SUSPENDED");
      await refused("Resume-BackgroundCopyJob", jobId, empty);
      expect(await get(ran("Add-BackgroundCopyFile", `-Id ${jobId} ${HELD} ${localName}`))).toEqual([]);
      if (!capabilities.multipleFiles) {
        await refused("Add-BackgroundCopyFile", `-Id ${jobId} ${HELD} ${target()}`, "E_NOTIMPL");
      }
      const files = await get(ran("Get-BackgroundCopyFile", jobId));
      expect(files).toMatchObject([{ JobId: jobId, RemoteName: HELD, LocalName: localName, Completed: false }]);
      await verb("Resume", jobId, "S_OK", "TRANSFERRING");
      await verb("Suspend", jobId, "S_OK", "SUSPENDED");
      expect(await get(ran("Set-BackgroundCopyJob", `${jobId} -Priority BG_JOB_PRIORITY_FOREGROUND`))).toEqual([]);
      expect(await get(ran("Get-BackgroundCopyJob", `-Id ${jobId}`))).toMatchObject([
        { DisplayName: "A whole life", State: "BG_JOB_STATE_SUSPENDED", Priority: "BG_JOB_PRIORITY_FOREGROUND" },
      ]);
      await verb("Complete", jobId, completeOfUnfinished as string, "ACKNOWLEDGED");
      for (const name of ["Stop", "Suspend", "Resume", "Complete"]) {
        await refused(`${name}-BackgroundCopyJob`, jobId, invalidState);
      }
      const [{ JobId: other }] = (await get(ran("New-BackgroundCopyJob", "'Another'"))) as [Properties];
      await verb("Stop", other as string, "S_OK", "CANCELLED");
      await refused("Get-BackgroundCopyJob", `-Id ${NOBODY}`, notFound);
      await refused("Set-BackgroundCopyJob", `${NOBODY} -Priority BG_JOB_PRIORITY_LOW`, notFound);
      await refused("Get-BackgroundCopyFile", NOBODY, notFound);
      await refused("Add-BackgroundCopyFile", `-Id ${NOBODY} ${HELD} ${localName}`, notFound);

      const exported = await get("(Get-Module BackgroundCopy).ExportedFunctions.Keys");
      expect([...driven].sort()).toEqual([...exported].sort());
    });
  });
}
