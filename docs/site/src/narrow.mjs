// Makes pages fit a phone: long names wrap between their words, and table rows can be shown as cards.

const textOf = (node) => node.value ?? (node.children ?? []).map(textOf).join("");
const elements = (node, ...names) => (node.children ?? []).filter(({ tagName }) => names.includes(tagName));

/** Between the words of a name: `BG_JOB_|STATE_|ERROR`, `Job::|Cancel`, `--|what-|if`, `manager.|listJobs`. */
const BETWEEN_WORDS = /(?<=[\w)](?:_|::|[-./\\(,]))(?=\w)/;

/** Lets long names in code wrap between their words. A block of code, which ends with a new line, wraps without this. */
export const breakingNames = {
  name: "breaking-names",
  element: {
    filter: ["code"],
    visit(code, context) {
      const [text, more] = code.children;
      if (more || text?.type !== "text" || text.value.includes("\n")) {
        return;
      }
      const pieces = text.value.split(BETWEEN_WORDS);
      if (pieces.length > 1) {
        const wbr = () => ({ type: "element", tagName: "wbr", properties: {}, children: [] });
        const children = pieces.flatMap((value, index) => [...(index > 0 ? [wbr()] : []), { type: "text", value }]);
        context.replaceNode(code, { ...code, children });
      }
    },
  },
};

/** Names the column of each cell. The roles of the elements keep a table that is shown as cards a table for screen readers. */
export const tablesAsCards = {
  name: "tables-as-cards",
  element: {
    filter: ["table"],
    visit(table, context) {
      const [head] = elements(table, "thead");
      const headers = head ? elements(elements(head, "tr")[0], "th") : [];
      context.setProperty(table, "className", [`columns-${headers.length}`]);
      context.setProperty(table, "role", "table");
      for (const group of elements(table, "thead", "tbody")) {
        context.setProperty(group, "role", "rowgroup");
        for (const row of elements(group, "tr")) {
          context.setProperty(row, "role", "row");
          for (const [index, cell] of elements(row, "td", "th").entries()) {
            context.setProperty(cell, "role", cell.tagName === "th" ? "columnheader" : "cell");
            context.setProperty(cell, "dataLabel", headers[index] ? textOf(headers[index]) : "");
          }
        }
      }
    },
  },
};
