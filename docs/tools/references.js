// Makes links of the names of codes, methods and exports wherever a text mentions them.
import { PageEvent } from "typedoc";

// A code or a method in running text; in code, anything that is a name as a whole.
const NAMES = /\b(?:I[A-Z]\w+::\w+|(?:DO|BG)_[ES]_\w+|E_[A-Z]+|S_(?:OK|FALSE)|[A-Z]+_E_[A-Z]\w*)\b/g;

function insideLink(tokens, index) {
  const before = tokens.slice(0, index);
  const count = (type) => before.filter((token) => token.type === type).length;
  return count("link_open") > count("link_close");
}

/** Lets the pages of `app` link the names that have a page: codes, methods, exports and their members. */
export function linkNames(app) {
  let targets = new Map();
  let current;
  app.renderer.on(PageEvent.BEGIN, (event) => {
    if (event.project !== current?.project) {
      targets = targetsOf(event.project);
    }
    current = event;
  });
  const link = (name, html) => {
    const target = targets.get(name);
    return target && target !== current.model
      ? `<a href="${app.renderer.router.relativeUrl(current.model, target)}">${html}</a>`
      : html;
  };
  app.options.setValue("markdownItLoader", (parser) => {
    const { rules } = parser.renderer;
    const { code_inline: code, text } = rules;
    rules.code_inline = (tokens, index, ...rest) => {
      const html = code(tokens, index, ...rest);
      return insideLink(tokens, index) ? html : link(tokens[index].content, html);
    };
    rules.text = (tokens, index, ...rest) => {
      const html = text(tokens, index, ...rest);
      return insideLink(tokens, index) ? html : html.replaceAll(NAMES, (name) => link(name, name));
    };
  });
}

function targetsOf(project) {
  const targets = new Map();
  for (const document of project.documents) {
    if (document.pageName.startsWith("codes/")) {
      targets.set(document.name, document);
    }
  }
  for (const exported of project.children) {
    targets.set(exported.name, exported);
    for (const member of exported.children ?? []) {
      targets.set(`${exported.name}.${member.name}`, member);
    }
  }
  return targets;
}
