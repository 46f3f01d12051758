import { describe } from "vitest";
import type { BackgroundCopyManager } from "../../src/index.js";
import { manyJobs } from "./suite.many.js";
import { preparePlace } from "./suite.place.js";
import { properties } from "./suite.properties.js";
import { verbs } from "./suite.verbs.js";
import type { ServiceTraits } from "./traits.js";

/** The behavior of a job on every service: the same tests for each. */
export function conformance(label: string, connect: () => Promise<BackgroundCopyManager>, traits: ServiceTraits): void {
  describe(label, () => {
    const place = preparePlace(connect, traits);
    verbs(place);
    properties(place);
    manyJobs(place);
  });
}
