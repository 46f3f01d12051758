import { docsLoader, i18nLoader } from "@astrojs/starlight/loaders";
import { docsSchema, i18nSchema } from "@astrojs/starlight/schema";
import { defineCollection } from "astro:content";
import { z } from "astro/zod";

// Addresses as the files are named: by default they would be in lower case and without the dot of a method.
const generateId = ({ entry }: { entry: string }) => entry.replace(/\.mdx?$/, "").replace(/\/index$/, "");

const extend = z.object({
  /** What else people search for when they want the page. */
  otherNames: z.array(z.string()).optional(),
  /** What the page is about: a class, a code of BITS. */
  kind: z.string().optional(),
  /** The file that the page is made from. */
  source: z.string().optional(),
  /** The first call, in each of the ways that there are. */
  samples: z.array(z.object({ label: z.string(), language: z.string(), code: z.string() })).optional(),
});

export const collections = {
  docs: defineCollection({ loader: docsLoader({ generateId }), schema: docsSchema({ extend }) }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
