import * as z from 'zod';
import { idSchema } from './text-schema.ts';

const waitingLineSchema = z.strictObject({
  type: z
    .string()
    .min(1)
    .meta({ examples: ['docker run --rm -it local/busybox sh'] }),
  until: z
    .string()
    .min(1)
    .meta({
      description: "Text to wait for instead of the shell's prompt, for a program that prompts by itself.",
      examples: ['/ # '],
    }),
});

const lineSchema = z
  .record(idSchema('alice'), z.union([z.string().min(1), waitingLineSchema]))
  .refine((line) => Object.keys(line).length === 1, {
    error: 'each line is typed in one terminal, with a "- " of its own',
  })
  .meta({ description: 'terminal: what a person types there.', examples: [{ alice: 'docker ps' }] });

/** What is typed, one command after the other. */
export const linesSchema = z.array(lineSchema).min(1);
