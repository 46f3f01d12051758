// A program that opens the journal of each message, and answers whether it did. It closes it when all have answered.
import { JournalFile } from "../../dist/fleet/journal-file.js";

/** @type {JournalFile | undefined} */
let opened;

process.on("message", async (/** @type {string} */ path) => {
  if (path === "close") {
    await opened?.close();
    opened = undefined;
    process.send?.("closed");
    return;
  }
  try {
    opened = await JournalFile.open(path);
    process.send?.("opened");
  } catch (error) {
    process.send?.(`refused: ${error}`);
  }
});
process.send?.("ready");
