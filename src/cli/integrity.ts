/** The levels by the smallest number of each. Windows has numbers in between, which are counted to the level below them. */
const LEVELS = [
  ["system", 0x4000],
  ["high", 0x3000],
  ["medium", 0x2000],
  ["low", 0],
] as const;

/** The key of the text for an integrity level. */
export function integrityKey(integrity: number): string {
  const [level] = LEVELS.find(([, least]) => integrity >= least) ?? ["low"];
  return `doctor.integrity.${level}`;
}
