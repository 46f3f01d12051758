const sdk = require("background-copy");
const testing = require("background-copy/testing");

test("works in Jest with require", async () => {
  const { trial } = await import("./trial.mjs");
  await trial(sdk, testing);
});
