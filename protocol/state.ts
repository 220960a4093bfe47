import * as z from 'zod/mini';
import { hostMapSchema } from './host-map.ts';
import { textSchema } from './text.ts';
import { END_REASONS, IMPAIRMENT_KINDS, impairmentSchema } from './troubles.ts';

/** What a failed line tells the learner: what should be, what is, what to try next. */
export const reportSchema = z.object({ expected: textSchema, seen: textSchema, try: textSchema });
export type Report = z.infer<typeof reportSchema>;

/**
 * `pending` never asked · `running` being asked · `passed` · `failed` proven not to hold (with a report) ·
 * `lapsed` held in this sandbox and no longer does (shown amber, with a report) · `errored` could not be asked:
 * nothing is proven. What the machine is not fit for is its `obstacle`; without one it is our fault, never the learner's.
 */
const checkStateSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'running', 'passed', 'failed', 'lapsed', 'errored']),
  report: z.nullable(reportSchema),
  /** Of a part of a verdict that passed: what was tried. */
  tried: z.optional(textSchema),
  /** Of an `errored` one: what keeps its machine from being asked. */
  obstacle: z.optional(z.enum(IMPAIRMENT_KINDS)),
});
export type CheckState = z.infer<typeof checkStateSchema>;

const stepStateSchema = z.object({
  id: z.string(),
  /** True once every check, and every part of the verdict, passed in any sandbox of the attempt. */
  earned: z.boolean(),
  /** True for what was done before this sandbox began: its lines may hold, and nobody earns it here. */
  prepared: z.boolean(),
  checks: z.array(checkStateSchema),
  /**
   * Its parts: legitimate uses, then the attacks again. Empty for steps without one. While a use fails, attacks are
   * `pending`: that they fail would prove nothing.
   */
  verdict: z.array(checkStateSchema),
});
export type StepState = z.infer<typeof stepStateSchema>;

/** As a check: `failed` for a wrong answer, whose report says why; `passed` for a right one. */
const questionStateSchema = z.extend(z.omit(checkStateSchema, { tried: true }), {
  /** What was answered last: the id of a choice, or what was typed. */
  answer: z.nullable(z.string()),
  /** Why it is right. */
  because: z.optional(textSchema),
});
export type QuestionState = z.infer<typeof questionStateSchema>;

const terminalStateSchema = z.object({
  id: z.string(),
  machine: z.string(),
  user: z.string(),
  /** `closed`: the shell ended (`exit`); a `login` message starts a new one with today's groups. */
  status: z.enum(['open', 'closed']),
  /** Bytes typed so far, by whomever. */
  input: z.number(),
});
export type TerminalState = z.infer<typeof terminalStateSchema>;

const phaseSchema = z.discriminatedUnion('kind', [
  /** Waiting for room on the host; place 1 is next, and `reason` is what it waits for. */
  z.object({
    kind: z.literal('queued'),
    place: z.number(),
    waiting: z.number(),
    reason: z.enum(['places', 'memory', 'disk']),
  }),
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('ended'), reason: z.enum(END_REASONS) }),
]);
export type Phase = z.infer<typeof phaseSchema>;

/** Everything the page shows of an attempt. Always sent whole, so repeating it is harmless. */
export const attemptStateSchema = z.object({
  lab: z.string(),
  phase: phaseSchema,
  sandbox: z.nullable(
    z.object({
      id: z.string(),
      /** Counts the sandboxes of this attempt, modulo 65536; binary frames carry it. */
      epoch: z.number(),
      /** Milliseconds left when this message was sent. */
      remainingMs: z.number(),
      /** How many more milliseconds one `extend` gives; 0 when the maximum is reached. */
      extensionMs: z.number(),
    }),
  ),
  /**
   * A machine at this step is being made ready, and how long that usually takes in all. The sandbox, if there is one,
   * goes on until then. Null also when it can be had at once.
   */
  preparing: z.nullable(z.object({ step: z.string(), usualMs: z.number() })),
  /** What is not right with its machines, as long as it is so. */
  impairments: z.array(impairmentSchema),
  terminals: z.array(terminalStateSchema),
  steps: z.array(stepStateSchema),
  questions: z.array(questionStateSchema),
  /** Null while there is no machine, or none that has been looked at. */
  map: z.nullable(hostMapSchema),
});
export type AttemptState = z.infer<typeof attemptStateSchema>;
