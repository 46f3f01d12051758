import { connect } from "node:net";
import type { FleetHost, OpenOptions } from "../../port/engine.js";
import { BridgeError } from "../../words/errors.js";

const SSH_PORT = 22;

/** Connects to the port of a host and closes the connection, which is cheaper than to start ssh for a host that is turned off. */
export function reach(
  host: FleetHost,
  { port = SSH_PORT, timeoutInMs }: { port?: number | undefined; timeoutInMs: number },
  { signal, language }: OpenOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.address, port: host.port ?? port });
    const fail = (detail: string) => {
      const values = { host: host.name, detail };
      reject(new BridgeError("HOST_UNREACHABLE", { outcome: "not sent", values }, language));
      socket.destroy();
    };
    const abort = () => {
      reject(signal.reason);
      socket.destroy();
    };
    socket.setTimeout(timeoutInMs, () => fail("ETIMEDOUT"));
    socket.once("error", ({ code, message }: NodeJS.ErrnoException) => fail(code ?? message));
    socket.once("connect", () => {
      resolve();
      socket.destroy();
    });
    socket.once("close", () => signal.removeEventListener("abort", abort));
    signal.addEventListener("abort", abort);
  });
}
