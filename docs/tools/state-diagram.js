// The states of a job as a picture: plain SVG in the page, in the words of its language and the colours of its theme.

const WIDTH = 190;
const HEIGHT = 52;

/** Where each state stands: its middle. The frame holds the open ones. */
const PLACES = {
  BG_JOB_STATE_SUSPENDED: [115, 104],
  BG_JOB_STATE_QUEUED: [385, 104],
  BG_JOB_STATE_CONNECTING: [385, 190],
  BG_JOB_STATE_TRANSFERRING: [385, 276],
  BG_JOB_STATE_TRANSFERRED: [385, 362],
  BG_JOB_STATE_ERROR: [115, 190],
  BG_JOB_STATE_TRANSIENT_ERROR: [115, 276],
  BG_JOB_STATE_CANCELLED: [115, 470],
  BG_JOB_STATE_ACKNOWLEDGED: [385, 470],
};

/** The states from which Suspend leads to another. */
const SUSPENDABLE = [
  "BG_JOB_STATE_QUEUED",
  "BG_JOB_STATE_CONNECTING",
  "BG_JOB_STATE_TRANSFERRING",
  "BG_JOB_STATE_TRANSIENT_ERROR",
];

/** The ground that those stand on. */
const GROUND = "M 282 68 H 488 V 310 H 12 V 242 H 282 Z";

const FINAL = ["BG_JOB_STATE_CANCELLED", "BG_JOB_STATE_ACKNOWLEDGED"];

/** The arrows: a path, and the call that it stands for, if any, with the place of its label. */
const ARROWS = [
  { path: "M 70 8 V 76", label: "start", at: [80, 24] },
  { path: "M 330 68 V 54 H 160 V 76", label: "suspend", at: [245, 49], middle: true },
  { path: "M 210 104 H 288", label: "resume", at: [247, 97], middle: true },
  { path: "M 210 180 H 240 V 118 H 288", label: "resume", at: [246, 152] },
  { path: "M 385 130 V 162" },
  { path: "M 385 216 V 248" },
  { path: "M 385 302 V 334" },
  { path: "M 290 264 H 262 V 202 H 212" },
  { path: "M 290 288 H 212" },
  { path: "M 210 264 H 238 V 190 H 288" },
  { path: "M 385 388 V 442", label: "complete", at: [395, 430] },
  { path: "M 115 404 V 442", label: "cancel", at: [125, 430] },
];

function box(name, words) {
  const [x, y] = PLACES[name];
  const shape = FINAL.includes(name) ? "final" : "open";
  return `<rect class="${shape}" x="${x - WIDTH / 2}" y="${y - HEIGHT / 2}" width="${WIDTH}" height="${HEIGHT}" rx="8"/>
<text class="state" x="${x}" y="${y - 3}">${words[name]}</text>
<text class="name" x="${x}" y="${y + 15}">${name}</text>`;
}

function arrow({ path, label, at, middle }, words) {
  const line = `<path d="${path}" marker-end="url(#states-arrow)"/>`;
  return label
    ? `${line}<text class="call${middle ? " middle" : ""}" x="${at[0]}" y="${at[1]}">${words[label]}</text>`
    : line;
}

/** The picture for a language. No empty line in it: Markdown would end it there. */
export function stateDiagram({ locale, words: { diagram }, messages }) {
  const states = SUSPENDABLE.map((name) => messages.state[name]);
  const suspendable = diagram.suspendable.replace("{{states}}", new Intl.ListFormat(locale).format(states));
  return `<svg class="states" viewBox="0 0 500 506" role="img" aria-labelledby="states-title">
<title id="states-title">${diagram.states}${messages.betweenSentences}${suspendable}</title>
<defs><marker id="states-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker></defs>
<rect class="frame" x="4" y="34" width="492" height="370" rx="12"/>
<path class="ground" d="${GROUND}"/>
<text class="call middle" x="115" y="366">${diagram.open}</text>
${ARROWS.map((each) => arrow(each, diagram)).join("\n")}
${Object.keys(PLACES)
  .map((name) => box(name, messages.state))
  .join("\n")}
</svg>`;
}
