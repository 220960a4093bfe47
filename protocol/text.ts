import * as z from 'zod/mini';

/** The languages every text exists in. The first one is the site's default, served at `/`. */
export const LOCALES = ['zh-cn', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** A sentence in every language. Whoever shows it picks; whoever sends it never guesses the reader's language. */
export const textSchema = z.object({ 'zh-cn': z.string(), en: z.string() });
export type Text = z.infer<typeof textSchema>;
