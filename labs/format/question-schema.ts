import * as z from 'zod';
import { linesSchema } from './line-schema.ts';
import { idSchema, textSchema } from './text-schema.ts';

const choiceSchema = z.strictObject({
  text: textSchema('alice', 'alice'),
  right: textSchema('对它来说，两个人都一样。', 'To it they are both alike.')
    .optional()
    .meta({ description: 'Shown when this was chosen and is right. Needed where it can be.' }),
  wrong: textSchema('命令是她敲的，文件却不是她打开的。', 'She gave the order; another process opened the file.')
    .optional()
    .meta({ description: 'Shown when this was chosen and is wrong. Needed where it can be.' }),
});

const typedSchema = z
  .strictObject({
    right: textSchema('对，{answer}。', 'Yes, {answer}.'),
    wrong: textSchema('不是 {answer}。', 'It is not {answer}.'),
  })
  .meta({ description: 'The learner types a word or a number. {answer} is what they typed.' });

const mutantSchema = z.strictObject({
  lines: linesSchema,
  answer: z
    .string()
    .min(1)
    .meta({ examples: ['olga'], description: 'What is right after these lines.' }),
});

/** What a learner finds out in the machine and then says. */
export const questionSchema = z.strictObject({
  text: textSchema('打开这个文件的是谁？', 'Who opened the file?'),
  machine: idSchema('host').optional().meta({ description: 'Role it is about. Needed only if there are several.' }),
  choices: z
    .record(idSchema('root'), choiceSchema)
    .optional()
    .meta({ description: 'Two or more to choose from; or `typed`.' }),
  typed: typedSchema.optional(),
  answer: z
    .string()
    .min(1)
    .max(200)
    .meta({
      examples: ['root'],
      description:
        'What is right: the id of a choice, or what is to be typed. Where there is questions/<id>.sh it says so instead, and this is what it says of a fresh machine.',
    }),
  expected: textSchema('以哪个用户运行的进程打开了它。', 'The user whose process opened it.'),
  try: textSchema('`ps -o user,args -C dockerd`', '`ps -o user,args -C dockerd`'),
  mutants: z
    .record(idSchema('renamed'), mutantSchema)
    .default({})
    .meta({ description: 'Changes of the machine after which something else is right.' }),
});
