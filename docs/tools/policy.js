// The content security policy of the pages: they run the scripts of the site, and nothing that a text has brought.
import { createHash } from "node:crypto";

const INLINE = /<script\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** The inline scripts of a page, by their hashes. */
export function scriptsOf(html) {
  return [...html.matchAll(INLINE)].map(([, script]) => createHash("sha256").update(script).digest("base64"));
}

/**
 * The page with its policy, in front of anything that it governs.
 *
 * @param {string} html
 * @param {ReadonlySet<string>} known The scripts that the site itself has: those of its English pages.
 */
export function withPolicy(html, known) {
  const hashes = [...new Set(scriptsOf(html))].filter((hash) => known.has(hash)).map((hash) => `'sha256-${hash}'`);
  const policy = [
    "default-src 'self'",
    // The search is WebAssembly.
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
    // Starlight sets sizes and colors in attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html.replace(
    /<head\b[^>]*>/,
    (head) => `${head}<meta http-equiv="content-security-policy" content="${policy}"/>`,
  );
}
