import { createServer, connect, type AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

/** A way to a server that ends after so many bytes from it. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
}

/** Where a connection ends, and how; or how slow it is. */
export interface Cut {
  readonly after: number;
  readonly how?: "reset" | "close";
  readonly delayInMs?: number;
}

/** Passes on what a server on loopback sends until that many bytes have passed, and then resets or closes the connection. */
export async function cuttingProxy(to: number, { after, how, delayInMs = 0 }: Cut): Promise<CuttingProxy> {
  const server = createServer((client) => {
    let passed = 0;
    const far = connect(to, "127.0.0.1");
    const cut = () => {
      if (how === "reset") {
        client.resetAndDestroy();
      } else {
        // What the client still sends has to be read, or its own end is never seen.
        client.unpipe(far).resume().end();
      }
      far.destroy();
    };
    client.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => client.destroy()).on("close", () => client.end());
    client.pipe(far);
    if (after === 0) {
      cut();
      return;
    }
    far.on("data", async (data) => {
      if (delayInMs) {
        far.pause();
        await setTimeout(delayInMs);
        far.resume();
      }
      const rest = data.subarray(0, after - passed);
      passed += rest.length;
      client.write(rest);
      if (passed >= after) {
        cut();
      }
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
