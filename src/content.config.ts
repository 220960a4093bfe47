import { defineCollection } from 'astro:content';
import { file, glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { parse } from 'yaml';

const heading = {
  title: z.string().min(1),
  /** One sentence, for lists and search engines. */
  description: z.string().min(1),
};

/** One file per lesson and language: content/<locale>/<lesson>.mdx. Reading order is in curriculum.ts. */
const lessons = defineCollection({
  loader: glob({ base: './content', pattern: '{zh-cn,en}/*.mdx' }),
  schema: z.strictObject({
    ...heading,
    /** Id of the lab beside the lesson (a folder in labs/). */
    lab: z.string().optional(),
  }),
});

/** What stands beside the lessons: content/<locale>/reference/<page>.mdx. */
const references = defineCollection({
  loader: glob({ base: './content', pattern: '{zh-cn,en}/reference/*.mdx' }),
  schema: z.strictObject(heading),
});

/** A lesson on one printed page: content/<locale>/sheets/<lesson>.mdx. */
const sheets = defineCollection({
  loader: glob({ base: './content', pattern: '{zh-cn,en}/sheets/*.mdx' }),
  schema: z.strictObject({}),
});

const text = z.strictObject({ 'zh-cn': z.string().min(1), en: z.string().min(1) });

/** The words of the course. */
const terms = defineCollection({
  loader: file('content/terms.yaml', {
    parser: (source) => (parse(source) as { en: string }[]).map((term) => ({ ...term, id: term.en })),
  }),
  schema: z.strictObject({
    id: z.string(),
    ...text.shape,
    means: text,
    avoid: z.array(z.string()).optional(),
  }),
});

export const collections = { lessons, references, sheets, terms };
