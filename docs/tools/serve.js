// `npm run docs:preview`: serves the built site.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The folder that `npm run docs` writes. */
export const DIST = fileURLToPath(new URL("../site/dist/", import.meta.url));

/** The file for an address, found as GitHub Pages does; undefined if there is no such file. */
function fileFor(folder, address) {
  const path = normalize(join(folder, decodeURIComponent(address)));
  const candidates = [path, join(path, "index.html"), `${path}.html`];
  return path.startsWith(folder.replace(/[\\/]$/, "") + sep) || path === normalize(folder)
    ? candidates.find((file) => existsSync(file) && statSync(file).isFile())
    : undefined;
}

/**
 * Starts a server on the loopback interface.
 *
 * @param {{ folder?: string, port?: number, base?: string }} [options] `base` is the path of the site, such as `/some/where/`.
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export function serve({ folder = DIST, port = 0, base = "/" } = {}) {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = pathname.startsWith(base) ? fileFor(folder, pathname.slice(base.length)) : undefined;
    const shown = file ?? join(folder, "404.html");
    response.writeHead(file ? 200 : 404, { "content-type": TYPES[extname(shown)] ?? "application/octet-stream" });
    response.end(existsSync(shown) ? readFileSync(shown) : "");
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject).listen(port, "127.0.0.1", () => {
      const close = () =>
        new Promise((closed) => {
          server.close(closed);
          server.closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${server.address().port}${base}`, close });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve({ port: Number(process.env.PORT ?? 4321) });
  process.stdout.write(`${url}\n`);
}
