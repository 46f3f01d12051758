// The states of a job as a diagram: inline SVG in the language and the colors of the page.

const WIDTH = 132;
const HEIGHT = 62;

/** The center of each state. The frame contains the open states. The diagram is as wide as a phone. */
const PLACES = {
  BG_JOB_STATE_SUSPENDED: [72, 100],
  BG_JOB_STATE_QUEUED: [278, 100],
  BG_JOB_STATE_CONNECTING: [278, 190],
  BG_JOB_STATE_TRANSFERRING: [278, 280],
  BG_JOB_STATE_TRANSFERRED: [278, 370],
  BG_JOB_STATE_ERROR: [72, 190],
  BG_JOB_STATE_TRANSIENT_ERROR: [72, 280],
  BG_JOB_STATE_CANCELLED: [72, 480],
  BG_JOB_STATE_ACKNOWLEDGED: [278, 480],
};

/** The states from which Suspend leads to another. */
const SUSPENDABLE = [
  "BG_JOB_STATE_QUEUED",
  "BG_JOB_STATE_CONNECTING",
  "BG_JOB_STATE_TRANSFERRING",
  "BG_JOB_STATE_TRANSIENT_ERROR",
];

/** The background of these states. */
const GROUND = "M 206 62 H 346 V 319 H 4 V 241 H 206 Z";

const FINAL = ["BG_JOB_STATE_CANCELLED", "BG_JOB_STATE_ACKNOWLEDGED"];

/** The arrows: a path, and the call that it represents, if any, with the position of its label. */
const ARROWS = [
  { path: "M 40 8 V 67", label: "start", at: [48, 24] },
  { path: "M 240 62 V 50 H 100 V 67", label: "suspend", at: [170, 46], middle: true },
  { path: "M 138 100 H 210", label: "resume", at: [172, 94], middle: true },
  { path: "M 138 182 H 146 V 118 H 210", label: "resume", at: [150, 152] },
  { path: "M 278 131 V 157" },
  { path: "M 278 221 V 247" },
  { path: "M 278 311 V 337" },
  { path: "M 212 268 H 192 V 206 H 140" },
  { path: "M 212 290 H 140" },
  { path: "M 138 266 H 168 V 190 H 210" },
  { path: "M 278 401 V 447", label: "complete", at: [270, 436], end: true },
  { path: "M 72 412 V 447", label: "cancel", at: [80, 436] },
];

/** A text in lines of about that many characters. */
function wrapped(text, letters) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length === 0 || longer.length > letters) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = longer;
    }
  }
  return lines;
}

/** Lines of text, centered at a point. */
function text(kind, lines, [x, y], height) {
  const top = y - ((lines.length - 1) * height) / 2;
  const spans = lines.map((line, index) => `<tspan x="${x}" y="${top + index * height}">${line}</tspan>`);
  return `<text class="${kind}">${spans.join("")}</text>`;
}

function box(name, words) {
  const [x, y] = PLACES[name];
  const shape = FINAL.includes(name) ? "final" : "open";
  const state = wrapped(words[name], 20);
  // The name of the constant, in two lines below the name of the state.
  const [prefix, rest] = name.split(/(?<=^BG_JOB_STATE_)/);
  return `<rect class="${shape}" x="${x - WIDTH / 2}" y="${y - HEIGHT / 2}" width="${WIDTH}" height="${HEIGHT}" rx="8"/>
${text("state", state, [x, y - 10], 13)}
${text("name", [prefix, rest], [x, y + (state.length > 1 ? 19 : 15)], 10)}`;
}

function arrow({ path, label, at, middle, end }, words) {
  const line = `<path d="${path}" marker-end="url(#states-arrow)"/>`;
  return label
    ? `${line}<text class="call${middle ? " middle" : ""}${end ? " end" : ""}" x="${at[0]}" y="${at[1]}">${words[label]}</text>`
    : line;
}

/** The diagram in a language. It contains no empty line, because Markdown would end it there. */
export function stateDiagram({ locale, words: { diagram }, messages }) {
  const states = SUSPENDABLE.map((name) => messages.state[name]);
  const suspendable = diagram.suspendable.replace("{{states}}", new Intl.ListFormat(locale).format(states));
  return `<svg class="states" viewBox="0 0 350 514" role="img" aria-labelledby="states-title">
<title id="states-title">${diagram.states}${messages.betweenSentences}${suspendable}</title>
<defs><marker id="states-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker></defs>
<rect class="frame" x="2" y="34" width="346" height="378" rx="12"/>
<path class="ground" d="${GROUND}"/>
${text("call middle", wrapped(diagram.open, 22), [72, 370], 14)}
${ARROWS.map((each) => arrow(each, diagram)).join("\n")}
${Object.keys(PLACES)
  .map((name) => box(name, messages.state))
  .join("\n")}
</svg>`;
}
