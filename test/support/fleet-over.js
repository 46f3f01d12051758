// Plain JavaScript, because programs without a compiler use it too.
import { openFleet } from "../../dist/fleet/connect.js";

/**
 * A fleet over an engine of the tests. A program can't make one: the constructor is private, and `connect` knows only the engines of the
 * package.
 *
 * @template T
 * @param {{ readonly prototype: T }} Fleet The class of the package, of its sources, or of its bundle.
 * @param {import("../../src/port/engine.js").FleetEngine} engine
 * @param {Omit<import("../../src/fleet.js").FleetOptions, "engine">} options
 * @returns {Promise<T>}
 */
export async function fleetOver(Fleet, engine, options) {
  const construct = /** @type {new (fleet: unknown) => T} */ (/** @type {unknown} */ (Fleet));
  return new construct(await openFleet({ engine: "ssh", ...options }, engine));
}
