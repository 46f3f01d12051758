import { describe } from "vitest";
import type { Service } from "../service.js";
import { bitsJobCommands } from "./bits-jobs.js";
import { bitsTransferCommands } from "./bits-transfers.js";
import { session } from "./session.js";

// The commands on BITS, in one session.

export function commandsOnBits(service: Service): void {
  describe("and its commands", () => {
    const commands = session(service);
    bitsJobCommands(commands);
    bitsTransferCommands(commands);
  });
}
