// The settings of code blocks, in a separate file because components need them too.
import { defineEcConfig } from "@astrojs/starlight/expressive-code";
import site from "./src/content/site.json" with { type: "json" };
import { linkedSignatures } from "./src/linked-signatures.mjs";
import { wholeWords } from "./src/whole-words.mjs";

export default defineEcConfig({
  defaultProps: { wrap: true, hangingIndent: 2, frame: "none" },
  styleOverrides: { borderRadius: "0.4rem", codeFontSize: "0.8125rem" },
  plugins: [linkedSignatures(site.names), wholeWords],
});
