// Stress tests of many calls: one after the other, at once, and side by side.
import { AMOUNT } from "./amounts.js";
import { Memory } from "./memory.js";
import { number, Tally } from "./tally.js";

export const echo = (port, text) => port.request("host.echo", { text }, { timeoutInMs: 60_000 });
export const sameText = (text) => (answer) => (answer.text === text ? undefined : `${text} became ${answer.text}`);

export async function inARow(label, port) {
  const tally = new Tally();
  const memory = new Memory(tally);
  for (let i = 0; i < AMOUNT.calls; i++) {
    memory.reached(i / AMOUNT.calls);
    const text = `call ${i}`;
    await tally.count(echo(port, text), sameText(text));
  }
  tally.report(label, "calls one after the other", memory.grown());
}

export async function atOnce(label, port) {
  const tally = new Tally();
  for (let round = 0; round < 10; round++) {
    const texts = Array.from({ length: AMOUNT.callers }, (_, i) => `caller ${i} of round ${round}`);
    await Promise.all(texts.map((text) => tally.count(echo(port, text), sameText(text))));
  }
  tally.report(label, `calls by ${number(AMOUNT.callers)} callers at once`);
}

export async function sideBySide(label, open) {
  const tally = new Tally();
  const ports = await Promise.all(Array.from({ length: AMOUNT.managers }, open));
  const texts = Array.from({ length: AMOUNT.callers }, (_, i) => `call ${i}`);
  await Promise.all(
    ports.flatMap((port, p) => texts.map((text) => tally.count(echo(port, text + p), sameText(text + p)))),
  );
  await Promise.all(ports.map((port) => port.close()));
  tally.report(label, `calls of ${AMOUNT.managers} managers side by side`);
}

export async function manyJobs(label, manager, ids) {
  const tally = new Tally();
  const outcomes = await manager.cancelJobs(ids);
  for (const [i, outcome] of outcomes.entries()) {
    const wrong = outcome.jobId === ids[i] ? undefined : "an outcome in the wrong place";
    await tally.count(outcome.ok ? Promise.resolve(outcome) : Promise.reject(outcome.error), () => wrong);
  }
  if (outcomes.length !== ids.length) {
    tally.wrong.push(`${outcomes.length} outcomes for ${ids.length} jobs`);
  }
  tally.report(label, "jobs canceled in one call");
}
