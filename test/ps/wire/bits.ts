import { describe } from "vitest";
import type { Service } from "../service.js";
import { bitsJobs } from "./bits-jobs.js";
import { bitsProperties } from "./bits-properties.js";
import { session } from "./session.js";

// BITS on the wire, in one session.

export function bitsOnTheWire(service: Service): void {
  describe("on the wire", () => {
    const wire = session(service);
    bitsProperties(wire);
    bitsJobs(wire);
  });
}
