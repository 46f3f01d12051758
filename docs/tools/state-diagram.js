// The states of a job as a picture: plain SVG in the page, in the words of its language and the colours of its theme.

const WIDTH = 190;
const HEIGHT = 52;

/** Where each state stands: its middle. The frame holds the open ones. */
const PLACES = {
  BG_JOB_STATE_SUSPENDED: [115, 80],
  BG_JOB_STATE_QUEUED: [385, 80],
  BG_JOB_STATE_CONNECTING: [385, 170],
  BG_JOB_STATE_TRANSFERRING: [385, 260],
  BG_JOB_STATE_TRANSFERRED: [385, 350],
  BG_JOB_STATE_TRANSIENT_ERROR: [115, 215],
  BG_JOB_STATE_ERROR: [115, 305],
  BG_JOB_STATE_CANCELLED: [115, 470],
  BG_JOB_STATE_ACKNOWLEDGED: [385, 470],
};

const FINAL = ["BG_JOB_STATE_CANCELLED", "BG_JOB_STATE_ACKNOWLEDGED"];

/** The arrows: a path, and the call that it stands for, if any, with the place of its label. */
const ARROWS = [
  { path: "M 115 14 V 52", label: "start", at: [125, 30] },
  { path: "M 210 70 H 288", label: "resume", at: [249, 62], middle: true },
  { path: "M 290 92 H 212", label: "suspend", at: [249, 108], middle: true },
  { path: "M 385 106 V 142" },
  { path: "M 385 196 V 232" },
  { path: "M 385 286 V 322" },
  { path: "M 290 250 H 250 V 215 H 212" },
  { path: "M 210 203 H 235 V 170 H 288" },
  { path: "M 290 272 H 250 V 305 H 212" },
  { path: "M 210 313 H 222 V 132 H 335 V 108", label: "resume", at: [228, 127] },
  { path: "M 385 376 V 442", label: "complete", at: [395, 428] },
  { path: "M 115 400 V 442", label: "cancel", at: [125, 428] },
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
export function stateDiagram({ words: { diagram }, messages }) {
  return `<svg class="states" viewBox="0 0 500 510" role="img" aria-labelledby="states-title">
<title id="states-title">${diagram.states}</title>
<defs><marker id="states-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker></defs>
<rect class="frame" x="4" y="40" width="492" height="360" rx="12"/>
<text class="call" x="250" y="392" text-anchor="middle">${diagram.open}</text>
${ARROWS.map((each) => arrow(each, diagram)).join("\n")}
${Object.keys(PLACES)
  .map((name) => box(name, messages.state))
  .join("\n")}
</svg>`;
}
