import { definePlugin, ExpressiveCodeAnnotation } from "@astrojs/starlight/expressive-code";
import { h } from "@astrojs/starlight/expressive-code/hast";

class Whole extends ExpressiveCodeAnnotation {
  render({ nodesToTransform }) {
    return nodesToTransform.map((node) => h("span.whole", node));
  }
}

/** Commands, options, and IDs that fit a phone. Browsers would wrap them at their hyphens. */
const WITH_HYPHENS = /(?<=^|[\s["'])-{0,2}[\w.]+(?:-[\w.]+)+(?=[\s\]"',;]|$)|(?<=^|[\s[])--?\w+/g;
const WIDTH = 36;

/** Prevents line breaks within the words of command lines. */
export const wholeWords = definePlugin({
  name: "whole-words",
  baseStyles: ".whole { white-space: nowrap; }",
  hooks: {
    annotateCode({ codeBlock }) {
      if (!["sh", "powershell", "text"].includes(codeBlock.language)) {
        return;
      }
      for (const line of codeBlock.getLines()) {
        for (const { 0: word, index } of line.text.matchAll(WITH_HYPHENS)) {
          if (word.length <= WIDTH) {
            const inlineRange = { columnStart: index, columnEnd: index + word.length };
            line.addAnnotation(new Whole({ inlineRange, renderPhase: "latest" }));
          }
        }
      }
    },
  },
});
