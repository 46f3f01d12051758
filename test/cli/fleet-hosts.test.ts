import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run, target } from "./fixture.js";

describe("the file of the hosts", () => {
  const ESCAPE = "\u001b[2J";

  it.each([
    ["", "contains no host."],
    ["\uFEFF# all\r\n\r\n", "contains no host."],
    ['# all\n\n"pc-1"\n', 'Line 3 of the file FILE: ""pc-1"" is not a valid host name or address.'],
    ["pc-1\r\n$(id)\r\n", 'Line 2 of the file FILE: "$(id)" is not a valid host name'],
    ["[::1]:22", 'Line 1 of the file FILE: "[::1]:22" is not a valid host name'],
    ["pc-1,pc-2", 'Line 1 of the file FILE: "pc-1,pc-2" is not a valid host name'],
    ["pc-1 port=65536", "Line 1 of the file FILE: port must be an integer from 1 to 65535."],
    ["-x", 'Line 1 of the file FILE: "-x" is not a valid host name'],
    ["pc-1 port=ssh", "Line 1 of the file FILE: port must be an integer from 1 to 65535."],
    ["pc-1 password=x", 'Line 1 of the file FILE: "password" is not a property of a host.'],
    ["pc-1 port=", "Line 1 of the file FILE: port must be an integer from 1 to 65535."],
    ["pc-1 pc-2", 'Line 1 of the file FILE: "pc-2" is not a property of a host.'],
    ["pc-1 __proto__=x", 'Line 1 of the file FILE: "__proto__" is not a property of a host.'],
    ["pc-1 port=1 port=2", "Line 1 of the file FILE: port is specified twice."],
    ["pc-1 name=pc-2", "Line 1 of the file FILE: name is specified twice."],
    ["pc-1\n#\nPC-1 port=2", 'Line 3 of the file FILE: The host "PC-1" is already listed with another'],
    [`pc-1 ${ESCAPE}=1 ${ESCAPE}=2`, "Line 1 of the file FILE: "],
  ])("is refused with the number of the line: %j", async (text, message) => {
    writeFileSync(target("hosts.txt"), text);
    const { exitCode, stdout, stderr } = await run(
      "fleet",
      "doctor",
      "--hosts-from",
      target("hosts.txt"),
      "--engine",
      "ssh",
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message.replace("FILE", target("hosts.txt")));
    expect(stderr).not.toContain("\u001b");
  });
});
