// Tabs for alternatives: consecutive blocks of code in different languages.

import { outsideCode } from "./markdown.js";

/** The languages of tabs, with the keys of their names in site.json. */
const TABS = { ts: "typescript", powershell: "powershell", sh: "commandLine", cpp: "com" };

const BLOCK = "```\\w+\\n(?:(?!\\n```)[\\s\\S])*\\n```";
const BLOCKS = new RegExp(`^${BLOCK}(?:\\n\\n${BLOCK})+`, "gm");

// Text in Markdown that MDX would interpret as code. Lines with components are already MDX.
function escaped(markdown) {
  const inLine = (line) =>
    /^(?:<\/?[A-Z]|import )/.test(line)
      ? line
      : line
          .split(/(`[^`]*`|\{#[^}]*\})/)
          .map((piece, index) => (index % 2 ? piece : piece.replaceAll(/[{}]/g, "\\$&").replaceAll("<br>", "<br/>")))
          .join("");
  return outsideCode(markdown, (text) => text.split("\n").map(inLine).join("\n"));
}

/** Blocks of code as tabs; undefined if two of them are in the same language and are therefore consecutive steps. */
function tabsOf({ words }, blocks) {
  const each = blocks.split(/\n\n(?=```)/);
  const languages = each.map((block) => /^```(\w+)/.exec(block)[1]);
  if (new Set(languages).size < languages.length || !languages.every((name) => TABS[name])) {
    return undefined;
  }
  const items = each.map((block, index) => {
    const label = words.site[TABS[languages[index]]];
    return `<TabItem label=${JSON.stringify(label)}>\n\n${block}\n\n</TabItem>`;
  });
  return `<Tabs syncKey="way">\n${items.join("\n")}\n</Tabs>`;
}

/**
 * A page with its neighboring blocks of code as tabs.
 *
 * @param {import("./languages.js").Language} language
 * @param {import("./markdown.js").Page} page
 * @returns {import("./markdown.js").Page}
 */
export function withTabs(language, page) {
  let hasTabs = false;
  const markdown = page.markdown.replaceAll(BLOCKS, (blocks) => {
    const tabs = tabsOf(language, blocks);
    hasTabs ||= tabs !== undefined;
    return tabs ?? blocks;
  });
  const head = 'import { TabItem, Tabs } from "@astrojs/starlight/components";\n\n';
  return hasTabs ? { ...page, isMdx: true, markdown: head + escaped(markdown) } : page;
}
