import * as z from 'zod/mini';
import { ANSWER_MAX_CHARACTERS, TERMINAL_COLS, TERMINAL_ROWS } from './limits.ts';

const id = z.string().check(z.minLength(1), z.maxLength(64));
const offset = z.number().check(z.int(), z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));

/** Text frames from browser to server. Unknown fields and types close the connection with `badMessage`. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  /**
   * Always first, within `helloTimeoutMs`. `page` names this page over all of its connections; its input is numbered
   * under that name. `resume` says what it already has.
   */
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.number(),
    ticket: z.string().check(z.maxLength(128)),
    page: id,
    resume: z.nullable(
      z.strictObject({ sandbox: id, outputs: z.record(id, z.strictObject({ offset, size: offset })) }),
    ),
  }),
  /** Output up to `offset` has been parsed by the terminal in the page. */
  z.strictObject({ type: z.literal('ack'), epoch: z.number(), terminal: id, offset }),
  /** The page has room for so many characters. The terminal has one size, that of the page which leads. */
  z.strictObject({
    type: z.literal('resize'),
    terminal: id,
    cols: z.number().check(z.int(), z.minimum(TERMINAL_COLS.min), z.maximum(TERMINAL_COLS.max)),
    rows: z.number().check(z.int(), z.minimum(TERMINAL_ROWS.min), z.maximum(TERMINAL_ROWS.max)),
  }),
  /** The learner is at this page now: it leads. */
  z.strictObject({ type: z.literal('focus') }),
  /** Start a new login shell in a closed terminal. */
  z.strictObject({ type: z.literal('login'), terminal: id }),
  /** Run the checks of a step now and, when they pass, its verdict. */
  z.strictObject({ type: z.literal('check'), step: id }),
  /** Ask for a hint (0 is the mildest) or the solution; answered by a message of the same type. */
  z.strictObject({ type: z.literal('hint'), step: id, index: z.number().check(z.int(), z.minimum(0)) }),
  z.strictObject({ type: z.literal('solution'), step: id }),
  /** Answers a question of the lab: the id of a choice, or what was typed. */
  z.strictObject({
    type: z.literal('answer'),
    question: id,
    answer: z.string().check(z.minLength(1), z.maxLength(ANSWER_MAX_CHARACTERS)),
  }),
  /**
   * A fresh sandbox in place of this one (also after it ended), as the lab begins or, with `step`, as it is where that
   * step starts. What was earned stays.
   */
  z.strictObject({ type: z.literal('reset'), step: z.optional(id) }),
  z.strictObject({ type: z.literal('extend') }),
  /** End the sandbox: frees its machines at once. */
  z.strictObject({ type: z.literal('stop') }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;
