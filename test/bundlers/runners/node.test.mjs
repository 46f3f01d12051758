import { it } from "node:test";
import * as sdk from "background-copy";
import * as testing from "background-copy/testing";
import { trial } from "./trial.mjs";

it("works in node:test", () => trial(sdk, testing));
