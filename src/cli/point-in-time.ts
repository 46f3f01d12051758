const AGE = /^(\d{1,6})(m|h|d)$/;
const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const DATE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * A point in time on the command line: a date (its first moment) or a date and time (local, or with `Z` or an offset), both in ISO 8601,
 * or an age: `30m`, `12h`, `7d`. Undefined for anything else.
 */
export function parsePointInTime(value: string, now = Date.now()): Date | undefined {
  const age = AGE.exec(value);
  if (age) {
    return new Date(now - Number(age[1]) * (MILLISECONDS[age[2] ?? ""] ?? 0));
  }
  const [, date = "", time = "T00:00"] = DATE.exec(value) ?? [];
  const point = new Date(date + time);
  return isInCalendar(date) && !Number.isNaN(point.getTime()) ? point : undefined;
}

// Date interprets February 30 as March 2.
function isInCalendar(date: string): boolean {
  const day = new Date(`${date}T00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
