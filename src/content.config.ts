import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

/** One file per lesson and language: content/<locale>/<lesson>.mdx. Reading order is in curriculum.ts. */
const lessons = defineCollection({
  loader: glob({ base: './content', pattern: '{zh-cn,en}/*.mdx' }),
  schema: z.strictObject({
    title: z.string().min(1),
    /** One sentence: what the reader can do afterwards. Shown in the lesson list and to search engines. */
    description: z.string().min(1),
    /** Id of the lab beside the lesson (a folder in labs/). */
    lab: z.string().optional(),
  }),
});

export const collections = { lessons };
