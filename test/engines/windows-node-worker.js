// Runs test files in Node for Windows: connects to windows-node.js, the other end.
import { connect } from "node:net";
import { init, runBaseTests, setupEnvironment } from "vitest/worker";
import { messages } from "./messages.js";

const socket = connect(Number(process.argv[2]), "127.0.0.1");
const { send, on, off } = messages(socket);
socket.on("close", () => process.exit());
init({
  post: send,
  on,
  off,
  runTests: (state, traces) => runBaseTests("run", state, traces),
  collectTests: (state, traces) => runBaseTests("collect", state, traces),
  setup: setupEnvironment,
});
