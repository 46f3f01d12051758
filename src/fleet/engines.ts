import type { FleetEngine } from "../port/engine.js";
import { badArgument } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** The engine that the caller chose. */
export async function makeEngine(language: Language, engine: unknown): Promise<FleetEngine> {
  const { name, open } = Object(engine) as Partial<FleetEngine>;
  if (typeof name !== "string" || typeof open !== "function") {
    throw badArgument(language, "choice", { name: "engine", value: engine, choices: "ssh, psremoting" });
  }
  return engine as FleetEngine;
}
