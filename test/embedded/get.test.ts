import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { get, type FileResponse } from "../../src/embedded/get.js";
import { SILENCE_IN_S } from "../../src/embedded/limits.js";

const STARTED = "http.client.request.start";

describe("a request for a file", () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  const requests: (ClientRequest & { timeout?: number })[] = [];
  const onStart = (message: unknown) => requests.push((message as { request: ClientRequest }).request);
  beforeEach(() => {
    requests.length = 0;
    subscribe(STARTED, onStart);
  });
  afterEach(async () => {
    unsubscribe(STARTED, onStart);
    for (const socket of sockets.splice(0)) {
      socket.destroy();
    }
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  /** A server that does this with each request. */
  async function serve(answer: (socket: Socket, count: number) => void): Promise<string> {
    const server = createServer((socket) => {
      let count = 0;
      sockets.push(socket);
      socket.on("error", () => {}).on("data", () => answer(socket, ++count));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  function ask(url: string, signal = new AbortController().signal): Promise<FileResponse> {
    return get(url, { headers: new Headers(), redirect: "manual", signal });
  }

  /** The number of bytes of the body, and how it ended. */
  async function sizeOf({ body }: FileResponse, onChunk = async () => {}): Promise<{ size: number; error?: unknown }> {
    let size = 0;
    try {
      for await (const chunk of body ?? []) {
        size += chunk.length;
        await onChunk();
      }
      return { size };
    } catch (error) {
      return { size, error };
    }
  }

  const head = (length: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`;
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const turns = async () => {
    for (let i = 0; i < 100; i++) {
      await turn();
    }
  };

  // fetch of Node 22.23 and 24.21 throws an assertion that no caller can catch.
  it.each([65_536, 5_000_000])("brings %d bytes that were all sent before they are read", async (size) => {
    const url = await serve((socket) => socket.end(Buffer.concat([Buffer.from(head(size)), Buffer.alloc(size)])));
    const response = await ask(url);
    await turns();
    await expect(sizeOf(response, turn)).resolves.toEqual({ size });
  });

  it("brings what came before the connection broke", async () => {
    const response = await ask(await serve((socket) => socket.end(`${head(20)}0123456789`)));
    await turns();
    await expect(sizeOf(response)).resolves.toEqual({
      size: 10,
      error: expect.objectContaining({ code: "ECONNRESET" }),
    });
  });

  it("is sent once more if the server closes a kept connection when it is used again", async () => {
    let asked = 0;
    const url = await serve((socket, count) => {
      asked++;
      count === 1 ? socket.write(`${head(1)}0`) : socket.destroy();
    });
    for (let i = 0; i < 2; i++) {
      await expect(sizeOf(await ask(url))).resolves.toEqual({ size: 1 });
    }
    expect(asked).toBe(3);
  });

  it("is sent only once on a new connection", async () => {
    let asked = 0;
    const url = await serve((socket) => {
      asked++;
      socket.destroy();
    });
    await expect(ask(url)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(asked).toBe(1);
  });

  it("fails if the server changes to another protocol", async () => {
    const url = await serve((socket) =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    );
    await expect(ask(url)).rejects.toThrow("no response");
  });

  it("has any status that a server can send", async () => {
    await expect(ask(await serve((socket) => socket.end("HTTP/1.1 999 ?\r\n\r\n")))).resolves.toMatchObject({
      status: 999,
    });
  });

  it("fails if the server sends nothing", async () => {
    const url = await serve(() => requests[0]?.emit("timeout"));
    await expect(ask(url)).rejects.toMatchObject({ code: "ETIMEDOUT" });
    expect(requests[0]?.timeout).toBe(SILENCE_IN_S * 1_000);
  });

  it("ends its body if the server sends nothing more", async () => {
    const response = await ask(await serve((socket) => socket.write(`${head(20)}0123456789`)));
    const onChunk = async () => {
      requests[0]?.emit("timeout");
    };
    const error = expect.objectContaining({ code: "ETIMEDOUT" });
    await expect(sizeOf(response, onChunk)).resolves.toEqual({ size: 10, error });
  });

  describe("closes its connection", () => {
    const areClosed = () => expect.poll(() => sockets.every(({ closed }) => closed)).toBe(true);
    const start = () => serve((socket) => socket.write(`${head(20)}0123456789`));

    it("if the body is canceled", async () => {
      await (await ask(await start())).body?.cancel();
      await areClosed();
    });

    it("if the body isn't read to the end", async () => {
      for await (const _ of (await ask(await start())).body ?? []) {
        break;
      }
      await areClosed();
    });

    it("if it is no longer wanted", async () => {
      const abort = new AbortController();
      const url = await start();
      const response = await ask(url, abort.signal);
      abort.abort();
      await expect(sizeOf(response)).resolves.toHaveProperty("error");
      await expect(ask(url, abort.signal)).rejects.toMatchObject({ name: "AbortError" });
      await areClosed();
    });
  });
});
