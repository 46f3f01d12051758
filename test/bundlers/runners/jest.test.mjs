import * as sdk from "background-copy";
import * as testing from "background-copy/testing";
import { trial } from "./trial.mjs";

test("works in Jest", () => trial(sdk, testing));
