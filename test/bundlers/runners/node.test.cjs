const { it } = require("node:test");
const sdk = require("background-copy");
const testing = require("background-copy/testing");

it("works in node:test with require", async () => {
  const { trial } = await import("./trial.mjs");
  await trial(sdk, testing);
});
