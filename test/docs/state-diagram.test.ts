import { expect, it } from "vitest";
import { languages } from "../../docs/tools/languages.js";
import { stateDiagram } from "../../docs/tools/state-diagram.js";
import { documentedVerb } from "../conformance/documented.js";
import { FINAL, STATES, type State } from "../conformance/documented-calls.js";

type Point = readonly [x: number, y: number];

/** Whether a point is inside a shape of straight lines, `M 0 0 H 8 V 8 Z`. */
function isInside([x, y]: Point, path: string): boolean {
  const corners: Point[] = [];
  for (const [, letter, first, second] of path.matchAll(/([MHV]) (\d+)(?: (\d+))?/g)) {
    const [lastX = 0, lastY = 0] = corners.at(-1) ?? [];
    corners.push(
      letter === "M"
        ? [Number(first), Number(second)]
        : letter === "H"
          ? [Number(first), lastY]
          : [lastX, Number(first)],
    );
  }
  // A line from outside the shape crosses as many sides on the right as on the left.
  const crossed = corners.filter(([sideX, from], index) => {
    const [nextX, to] = corners[(index + 1) % corners.length] as Point;
    return sideX === nextX && sideX > x && from > y !== to > y;
  });
  return crossed.length % 2 === 1;
}

it.each(languages)("the picture of the states shows in $locale from where Suspend and Cancel lead", (language) => {
  const picture = stateDiagram(language);
  const placeOf = (state: State): Point => {
    const [, x, y] =
      new RegExp(`<tspan x="([\\d.]+)" y="([\\d.]+)">BG_JOB_STATE_</tspan><tspan[^>]*>${state}</tspan>`).exec(
        picture,
      ) ?? expect.fail(state);
    return [Number(x), Number(y)];
  };
  const ground = /class="ground" d="([^"]+)"/.exec(picture)?.[1] ?? "";
  const downloads = { documentation: "bits", type: "BG_JOB_TYPE_DOWNLOAD" } as const;
  const leads = STATES.filter(
    (state) => state !== "SUSPENDED" && documentedVerb(downloads, state, "suspend").after?.includes("SUSPENDED"),
  );
  expect(STATES.filter((state) => isInside(placeOf(state), ground))).toEqual(leads);

  const [, x, y, width, height] = (
    /class="frame" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/.exec(picture) ?? []
  ).map(Number) as [number, number, number, number, number];
  const frame = `M ${x} ${y} H ${x + width} V ${y + height} H ${x} Z`;
  expect(STATES.filter((state) => !isInside(placeOf(state), frame))).toEqual(FINAL);

  const title = /<title[^>]*>(.+)<\/title>/.exec(picture)?.[1] ?? "";
  const word = (state: State) => language.messages.state[`BG_JOB_STATE_${state}`] as string;
  const [, named = ""] = title.split(/: |：/);
  expect(leads.filter((state) => !named.includes(word(state)))).toEqual([]);
  // The name of one state can be part of the name of another.
  const rest = leads.reduce((text, state) => text.replace(word(state), ""), named);
  expect(STATES.filter((state) => rest.includes(word(state)))).toEqual([]);
});
