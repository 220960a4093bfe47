import * as z from 'zod/mini';
import { attemptStateSchema } from './state.ts';
import { textSchema } from './text.ts';

/** Something went wrong that the learner should read. `code` is permanent and listed in docs/errors.md. */
export const learnerErrorSchema = z.object({ code: z.string(), message: textSchema, hint: textSchema });
export type LearnerError = z.infer<typeof learnerErrorSchema>;

/** One thing a person types, and where. The same lines drive tests, "show solution" and "catch me up". */
const solutionLineSchema = z.object({ terminal: z.string(), command: z.string() });
export type SolutionLine = z.infer<typeof solutionLineSchema>;

const place = {
  ...{ epoch: z.number(), terminal: z.string(), offset: z.number() },
  ...{ size: z.number(), cols: z.number(), rows: z.number() },
};

/** Text frames from server to browser. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: attemptStateSchema }),
  /** The machine has applied this page's input to this terminal up to `offset`; the browser may forget it. */
  z.object({ type: z.literal('inputAck'), epoch: z.number(), terminal: z.string(), offset: z.number() }),
  /**
   * Begin anew: empty the terminal, give it this size, write the `bytes` bytes that follow in `screen` frames, and go on
   * with output from `offset`. `size` is the number of the size.
   */
  z.object({ type: z.literal('screen'), ...place, bytes: z.number() }),
  /** From `offset` on the terminal has this size; to be taken when output up to there was parsed. */
  z.object({ type: z.literal('size'), ...place }),
  z.object({ type: z.literal('hint'), step: z.string(), index: z.number(), total: z.number(), text: textSchema }),
  z.object({ type: z.literal('solution'), step: z.string(), lines: z.array(solutionLineSchema) }),
  z.object({ type: z.literal('error'), error: learnerErrorSchema }),
  z.object({ type: z.literal('heartbeat') }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
