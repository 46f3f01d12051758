import { docsLoader, i18nLoader } from "@astrojs/starlight/loaders";
import { docsSchema, i18nSchema } from "@astrojs/starlight/schema";
import { defineCollection } from "astro:content";
import { z } from "astro/zod";

// Addresses match the names of the files. By default, they would be lowercase and without the dot of a method.
const generateId = ({ entry }: { entry: string }) => entry.replace(/\.mdx?$/, "").replace(/\/index$/, "");

const extend = z.object({
  /** Other search terms for the page. */
  otherNames: z.array(z.string()).optional(),
  /** The subject of the page, such as a class or a code of BITS. */
  kind: z.string().optional(),
  /** The source file of the page. */
  source: z.string().optional(),
  /** The first call, in each of the ways. */
  samples: z.array(z.object({ label: z.string(), language: z.string(), code: z.string() })).optional(),
});

export const collections = {
  docs: defineCollection({ loader: docsLoader({ generateId }), schema: docsSchema({ extend }) }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
