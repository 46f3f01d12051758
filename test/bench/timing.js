// Durations, measured in turns, and what they tell.
import { availableParallelism, loadavg } from "node:os";

/** The amounts of the short form and of `--full`. */
export const isFull = process.argv.includes("--full");

export function amount(short, full) {
  return isFull ? full : short;
}

function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)];
}

const median = (values) => quantile(values, 0.5);

/** How far the middle half of the values lies apart, as a part of their median. */
function unrest(values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values);
}

/** The median time of `call`, in milliseconds. */
export async function time(times, call) {
  const durations = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await call();
    durations.push(performance.now() - started);
  }
  return median(durations);
}

/**
 * Two measurements, taken in turns and each as often first as second, so that other work on the machine affects both: their medians, the
 * ratio of each turn, and the unrest of the rival, which does the same work in every turn.
 */
export async function measureInTurns(rounds, rival, own) {
  const turns = [
    { measure: rival, values: [] },
    { measure: own, values: [] },
  ];
  for (let i = 0; i < rounds; i++) {
    for (const { measure, values } of i % 2 ? turns.toReversed() : turns) {
      values.push(await measure());
    }
  }
  const [rivals, owns] = turns.map(({ values }) => values);
  return {
    rival: median(rivals),
    own: median(owns),
    ratios: owns.map((value, i) => value / rivals[i]),
    unrest: unrest(rivals),
  };
}

const LARGEST_UNREST = 0.25;

// Before the first measurement, which is work itself. Windows has no such figure.
export const wasBusy = loadavg()[0] > availableParallelism() / 2;

export function ms(value) {
  // Not in powers of ten.
  return `${Number(value.toPrecision(3))} ms`;
}

const rows = [];

/** A ratio with its limit, if it has one. On a machine that is too busy, or whose rival is too unsteady, it proves nothing either way. */
export function compare(what, { rival, own, ratios, unrest: unsteady }, limit) {
  const ratio = median(ratios);
  const unclear = unsteady > LARGEST_UNREST || wasBusy;
  rows.push({
    what,
    value: `${ratio.toFixed(2)} ×`,
    spread: `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)} ×`,
    times: `${ms(own)}, ${ms(rival)}`,
    limit: limit ? `≤ ${limit} ×` : "",
    verdict: unclear ? "can't tell" : !limit ? "" : ratio <= limit ? "held" : "missed",
    badness: ratio / (limit ?? 1),
  });
}

/** A factor with the least that it must be: far from its limit, so that a busy machine changes nothing. */
export function compareFaster(what, own, rival, least) {
  const factor = rival / own;
  rows.push({
    what,
    value: `${factor.toFixed(0)} × faster`,
    spread: "",
    times: `${ms(own)}, ${ms(rival)}`,
    limit: `≥ ${least} × faster`,
    verdict: factor >= least ? "held" : wasBusy ? "can't tell" : "missed",
    badness: least / factor,
  });
}

/** A time of the processor with its limit, in milliseconds. */
export function bounded(what, { rival, own, ratios }, limit) {
  rows.push({
    what,
    value: ms(own),
    spread: `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)} × the rival`,
    times: `${ms(own)}, ${ms(rival)}`,
    limit: `≤ ${limit} ms`,
    verdict: own <= limit ? "held" : wasBusy ? "can't tell" : "missed",
    badness: own / limit,
  });
}

/** A growth in megabytes with its limit. */
export function growth(what, megabytes, limit) {
  const most = Math.max(...megabytes);
  const value = megabytes.map((each) => `${each.toFixed(1)} MB`).join(", ");
  rows.push({
    what,
    value,
    spread: "",
    times: "",
    limit: `< ${limit} MB`,
    verdict: most < limit ? "held" : "missed",
    badness: most / limit,
  });
}

/** The rows since the last call, for the machine `title`. */
export function takeRows(title) {
  return rows.splice(0).map((row) => ({ ...row, title }));
}
