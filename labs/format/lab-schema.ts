import * as z from 'zod';
import { linesSchema } from './line-schema.ts';
import { questionSchema } from './question-schema.ts';
import { idSchema, textSchema } from './text-schema.ts';

const messageSchema = z.strictObject({
  expected: textSchema('应当如此', 'What should be.')
    .optional()
    .meta({ description: "Replaces the check's `expected` for this message." }),
  seen: textSchema('实际看到：{members}', 'What is: {members}.'),
  try: textSchema('试试这样做', 'What to try next.'),
});

const askedSchema = z.strictObject({
  line: textSchema('学习者看到的一行', 'The line the learner reads.'),
  machine: idSchema('host').optional().meta({ description: 'Role it is asked on. Needed only if there are several.' }),
  expected: textSchema('应当如此', 'What should be.'),
  messages: z.record(idSchema('still-a-member'), messageSchema),
});

const checkSchema = askedSchema.extend({
  kind: z.enum(['goal', 'guard']),
  keeps: z.boolean().default(true).meta({ description: 'Keep asking after it passed. Default true.' }),
});

const partSchema = askedSchema.extend({
  tried: textSchema('用 `{command}` 试过', 'Tried `{command}`.').meta({
    description: 'What was tried, shown when it passed. {key} is what `pass key=value` says.',
  }),
  timeoutSeconds: z.number().min(1).max(300).default(60),
});

const verdictSchema = z.strictObject({
  proof: z
    .strictObject({ machine: idSchema('host').optional() })
    .optional()
    .meta({ description: "Where verdict/proof.sh puts this run's $DRYDOCK_PROOF, and removes it again." }),
  uses: z
    .record(idSchema('use'), partSchema)
    .default({})
    .meta({ description: 'Legitimate uses. Asked first: an attack on a service that is down proves nothing.' }),
  attacks: z.record(idSchema('attack'), partSchema).meta({ description: 'What must fail once the step is done.' }),
});

const mutantSchema = z.strictObject({
  lines: linesSchema,
  caughtBy: idSchema('members').meta({ description: 'Id of a check of this step, or of a part of its verdict.' }),
  message: idSchema('still-a-member'),
});

const stepSchema = z.strictObject({
  kind: z.enum(['explore', 'attack', 'defend']),
  title: textSchema('标题', 'Title'),
  instruction: textSchema('要做什么。', 'What to do.'),
  optional: z.boolean().default(false),
  checks: z.record(idSchema('members'), checkSchema),
  verdict: verdictSchema.optional(),
  hints: z.array(textSchema('一个提示', 'A hint.')).default([]),
  solution: linesSchema,
  mutants: z.record(idSchema('old-login'), mutantSchema).default({}),
});

const secretSchema = z.strictObject({
  path: z
    .string()
    .regex(/^\//)
    .meta({ examples: ['/root/secret.txt'] }),
  owner: z.string().default('root'),
  mode: z
    .string()
    .regex(/^0[0-7]{3}$/)
    .default('0600')
    .meta({ examples: ['0600'] }),
  content: z.string().default('{random}\n').meta({ description: '{random} becomes 16 random hex characters.' }),
});

/** Each is a port that exists from the first boot of the image on. */
export const MAX_TERMINALS = 4;

/** Their network is a cable with two ends. */
export const MAX_MACHINES = 2;

const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const HOST_BYTE = '(25[0-4]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]?)';

const machineSchema = z.strictObject({
  hostname: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/)
    .meta({ examples: ['dock'] }),
  address: z
    .string()
    .regex(new RegExp(`^10\\.${BYTE}\\.${BYTE}\\.${HOST_BYTE}$`))
    .optional()
    .meta({
      description:
        "On the machines' private network, 10.x.y.0/24. Default 10.0.0.10 for the first, 10.0.0.20 for the second.",
      examples: ['10.0.0.10'],
    }),
  terminals: z
    .record(
      idSchema('alice'),
      z
        .string()
        .regex(/^[a-z_][a-z0-9_-]*$/)
        .meta({ examples: ['alice'] }),
    )
    .refine((terminals) => Object.keys(terminals).length <= MAX_TERMINALS, {
      error: `a machine has at most ${MAX_TERMINALS} terminals`,
    })
    .meta({ description: 'terminal: the user who is logged in there.', maxProperties: MAX_TERMINALS }),
  secrets: z.record(idSchema('root'), secretSchema).default({}),
});

/** labs/<id>/lab.yaml. lab.schema.json is made from this, for editors. */
export const labFileSchema = z.strictObject({
  image: idSchema('debian-docker').meta({ description: 'A folder of labs/images.' }),
  title: textSchema('标题', 'Title'),
  machines: z.record(idSchema('host'), machineSchema),
  steps: z.record(idSchema('look'), stepSchema),
  questions: z.record(idSchema('who-opened-it'), questionSchema).default({}),
  map: z
    .strictObject({ after: idSchema('look') })
    .optional()
    .meta({
      description: 'Drawn once this step is done, where it would give the answer of that away. Default: at once.',
    }),
});
export type LabFile = z.infer<typeof labFileSchema>;
export type LabFileQuestion = LabFile['questions'][string];
export type LabFileStep = LabFile['steps'][string];
export type LabFileVerdict = NonNullable<LabFileStep['verdict']>;
