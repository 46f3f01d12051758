const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

/** Caches formatters: creating one costs a thousand times more than using it. */
function kept<Options, Format>(make: (locale: string, options: Options) => Format) {
  const made = new Map<string, Format>();
  return (locale: string, options: Options): Format => {
    const key = locale + JSON.stringify(options);
    const format = made.get(key) ?? make(locale, options);
    made.set(key, format);
    return format;
  };
}

const numberFormat = kept((locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
const timeFormat = kept((locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));

/** A number of bytes in the unit that fits, powers of 1,000: `12.3 MB`. */
export function formatBytes(locale: string, bytes: bigint): string {
  const power = Math.min(Math.floor((String(bytes).length - 1) / 3), BYTE_UNITS.length - 1);
  const unit = BYTE_UNITS[power];
  const unitDisplay = power === 0 ? "long" : "short";
  return numberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 }).format(
    Number(bytes) / 1_000 ** power,
  );
}

/** A count, or an exact number of bytes. */
export function formatNumber(locale: string, number: number | bigint): string {
  return numberFormat(locale, {}).format(number);
}

/** A duration in the documented unit, without conversion. */
export function formatDuration(locale: string, duration: number, unit: "second" | "millisecond"): string {
  return numberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(duration);
}

/** The progress as a percentage. 100 % means complete, and nothing less; an empty file has none. */
export function formatShare(locale: string, done: bigint, total: bigint): string {
  const percent = total === 0n ? 100n : (done * 100n) / total;
  return numberFormat(locale, { style: "percent" }).format(Number(percent) / 100);
}

/** A time in the local time zone. */
export function formatTime(locale: string, time: Date, timeStyle: "short" | "medium" = "short"): string {
  return timeFormat(locale, { dateStyle: "medium", timeStyle }).format(time);
}
