// Durations, and the rows in which the results are printed.

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The median time of `call`, in milliseconds: the best of five, because other work on the machine only adds time. */
export async function time(times, call) {
  const medians = [];
  for (let round = 0; round < 5; round++) {
    const durations = [];
    for (let i = 0; i < times; i++) {
      const started = performance.now();
      await call();
      durations.push(performance.now() - started);
    }
    medians.push(median(durations));
  }
  return Math.min(...medians);
}

/** The time of each of many concurrent calls. */
export async function timeInFlight(times, call) {
  const started = performance.now();
  await Promise.all(Array.from({ length: times }, (_, i) => call(i)));
  return (performance.now() - started) / times;
}

/** The medians of two measurements, taken in turns and each as often first as second, so that other work on the machine affects both. */
export async function measureInTurns(rounds, first, second) {
  const turns = [
    { measure: first, values: [] },
    { measure: second, values: [] },
  ];
  for (let i = 0; i < rounds; i++) {
    for (const { measure, values } of i % 2 ? turns.toReversed() : turns) {
      values.push(await measure());
    }
  }
  return turns.map(({ values }) => median(values));
}

const rows = [];

export function row(what, value, bar) {
  rows.push([what, value, bar ?? ""]);
}

export function ms(value) {
  return `${value.toPrecision(3)} ms`;
}

export function print(title) {
  console.log(`\n${title}`);
  for (const [what, value, bar] of rows.splice(0)) {
    console.log(`  ${what.padEnd(52)} ${value.padEnd(44)} ${bar}`);
  }
}
