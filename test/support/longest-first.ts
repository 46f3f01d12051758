import { BaseSequencer, type TestSpecification } from "vitest/node";

// The longest first: a file that takes minutes must not begin when the others have ended. On a new machine, Vitest knows no durations.
const LONGEST = [
  "conformance/stand-in",
  "fleet/runner-wine",
  "docs/site-reading",
  "docs/examples",
  "torture/torture",
  "ps/stand-in",
  "docs/site-search",
  "package",
  "powershell/psremoting/relay",
  "powershell/ssh/wine-hosts",
  "windows/prove-fleet",
  "ps/module",
  "fleet/kills",
  "conformance/wine",
  "conformance/refused-arguments",
  "fleet/ansible",
  "powershell/locked-down",
  "ps/newer-language",
  "ps/help",
  "powershell/service-faults",
];

export class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? LONGEST.length : index;
    };
    return (await super.sort(specifications)).toSorted((a, b) => place(a) - place(b));
  }
}
