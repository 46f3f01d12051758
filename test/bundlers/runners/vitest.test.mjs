import * as sdk from "background-copy";
import * as testing from "background-copy/testing";
import { it } from "vitest";
import { trial } from "./trial.mjs";

it("works in Vitest", () => trial(sdk, testing));
