import { definePlugin, ExpressiveCodeAnnotation } from "@astrojs/starlight/expressive-code";
import { h } from "@astrojs/starlight/expressive-code/hast";

class Link extends ExpressiveCodeAnnotation {
  constructor(href, inlineRange) {
    super({ inlineRange, renderPhase: "latest" });
    this.href = href;
  }

  render({ nodesToTransform }) {
    return nodesToTransform.map((node) => h("a.name", { href: this.href }, node));
  }
}

/**
 * Links the names of classes and types in the code of the reference.
 *
 * @param {Record<string, Record<string, string>>} names The page of each name, by language.
 */
export function linkedSignatures(names) {
  return definePlugin({
    name: "linked-signatures",
    hooks: {
      annotateCode({ codeBlock }) {
        const path = codeBlock.parentDocument?.sourceFilePath?.replaceAll("\\", "/") ?? "";
        const [, locale, own] =
          /\/docs\/([^/]+)\/(?:reference\/[\w-]+\/(\w+)|codes\/I\w+\.\w+)\.mdx?$/.exec(path) ?? [];
        if (!locale || codeBlock.language !== "ts") {
          return;
        }
        for (const line of codeBlock.getLines()) {
          for (const { 0: name, index } of line.text.matchAll(/(?<!["'])\b[A-Z]\w+\b(?!["'])/g)) {
            const page = names[locale][name];
            if (page && name !== own) {
              line.addAnnotation(
                new Link(`/${locale}/${page}`, { columnStart: index, columnEnd: index + name.length }),
              );
            }
          }
        }
      },
    },
  });
}
