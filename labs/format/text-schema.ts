import * as z from 'zod';

/** Ids are file names, parts of URLs and of variable names, so they stay this plain. */
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function idSchema(example: string) {
  return z
    .string()
    .regex(ID)
    .max(64)
    .meta({ examples: [example] });
}

export function textSchema(zhCn: string, en: string) {
  return z
    .strictObject({
      'zh-cn': z
        .string()
        .trim()
        .min(1)
        .meta({ examples: [zhCn] }),
      en: z
        .string()
        .trim()
        .min(1)
        .meta({ examples: [en] }),
    })
    .meta({ description: 'The same sentence in every language.' });
}
