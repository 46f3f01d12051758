import { Socket } from "node:net";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FLOORS } from "../.dependency-cruiser.js";
import { makeSession } from "../src/calls/session.js";
import { Store, EmbeddedService } from "../src/embedded/index.js";
import { realEnvironment } from "../src/embedded/environment.js";
import { BackgroundCopyManager } from "../src/manager.js";
import type { ManagerInterface } from "../src/model/services.js";
import type { Service } from "../src/port/service.js";
import { fakeHost } from "./support/fake-host.js";
import { ROOT } from "./support/packed.js";

// A call goes down through the rooms of src/, from the program to the service, and enters each room once. When a request leaves, the stack
// shows the way that it took; if part of the way ran in an earlier turn of the event loop, the stack begins after that part.

const ROOMS = FLOORS.flat();
const heightOf = (room: string) => FLOORS.findIndex((floor) => floor.includes(room));

/** The rooms of the functions on the stack, from the program down. Neighbors of one room count as one. */
function roomsOnStack(): string[] {
  const files = [...(new Error().stack ?? "").matchAll(/^ +at (?:[^/(]*\()?(?:file:\/\/)?(.+?):\d+:\d+\)?$/gm)];
  const rooms = files.flatMap(([, file = ""]) => {
    const path = relative(join(ROOT, "src"), file).replaceAll("\\", "/");
    return ROOMS.find((room) => path.startsWith(room)) ?? [];
  });
  return rooms.reverse().filter((room, i, all) => room !== all[i - 1]);
}

type Walk = readonly [what: string, rooms: readonly string[]];

let limit: number;
beforeEach(() => {
  limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
});
afterEach(() => {
  Error.stackTraceLimit = limit;
});

/** A manager of the embedded service, and the walks that reach its port. */
function watched(): { manager: BackgroundCopyManager; walks: Walk[] } {
  const language = { locale: "en", wording: "documented" } as const;
  const service = new EmbeddedService(language, new Store(realEnvironment()));
  const walks: Walk[] = [];
  const port: Service = {
    get managerInterface(): ManagerInterface {
      walks.push(["the capabilities", roomsOnStack()]);
      return service.managerInterface;
    },
    request: (method, params, options) => {
      walks.push([method, roomsOnStack()]);
      return service.request(method, params, options);
    },
    close: () => service.close(),
  };
  return { manager: new BackgroundCopyManager(makeSession(port, "embedded", language)), walks };
}

function expectDown(walks: readonly Walk[]): void {
  for (const [, rooms] of walks) {
    const heights = rooms.map(heightOf);
    expect(rooms).toEqual([...new Set(rooms)]);
    expect(heights).toEqual(heights.toSorted((a, b) => b - a));
  }
}

describe("the way down", () => {
  it("of a cancel", async () => {
    const { manager, walks } = watched();
    const job = await manager.createJob("an example");
    walks.length = 0;
    await job.cancel();
    expect(walks).toEqual([["job.cancel", ["job.ts", "calls/"]]]);
    expectDown(walks);
  });

  it("of a cancel of many jobs by a filter", async () => {
    const { manager, walks } = watched();
    await manager.createJob("an example");
    walks.length = 0;
    await manager.cancelJobs({ displayName: "an*" });
    expect(walks).toEqual([
      ["the capabilities", ["manager.ts", "calls/"]],
      ["the capabilities", ["manager.ts", "calls/"]],
      ["job.list", ["calls/"]],
      ["job.describe", ["calls/"]],
      ["job.cancel", ["calls/"]],
    ]);
    expectDown(walks);
  });

  it("of a watch", async () => {
    const { manager, walks } = watched();
    const job = await manager.createJob("an example");
    walks.length = 0;
    for await (const _ of job.watch()) {
      break;
    }
    expect(walks).toEqual([["job.describe", ["calls/"]]]);
    expectDown(walks);
  });

  it("of a cancel, on to PowerShell", async () => {
    await using manager = await BackgroundCopyManager.connect({ service: "bits", executable: fakeHost() });
    const walks: Walk[] = [];
    const { write } = Socket.prototype;
    using _ = vi.spyOn(Socket.prototype, "write").mockImplementation(function (this: Socket, ...args) {
      const [, method] = /"method":"([\w.]+)"/.exec(String(args[0])) ?? [];
      if (method) {
        walks.push([method, roomsOnStack()]);
      }
      return Reflect.apply(write, this, args);
    });
    await manager.job("00000000-0000-4000-8000-000000000001").cancel();
    expect(walks).toEqual([["job.cancel", ["calls/", "powershell/"]]]);
    expectDown(walks);
  });
});
