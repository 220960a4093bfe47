import * as z from 'zod/mini';

/**
 * Why there is no sandbox any more. Of one that ended by itself the server finds out what it was: `shut-down` and
 * `restarted` as a person does it from inside; `kernel`, it went down without shutting down first; `agent`, what connects
 * terminals is gone; `lost`, the emulator; `server`, none was there to keep it. `crashed` is what older servers wrote.
 */
export const END_REASONS = [
  ...(['expired', 'stopped', 'memory', 'failed'] as const),
  ...(['shut-down', 'restarted', 'kernel', 'agent', 'lost', 'server', 'crashed'] as const),
] as const;
export type EndReason = (typeof END_REASONS)[number];

/**
 * What keeps a machine that runs from being asked, as the server found it: `silent`, its agent does not answer; `system`,
 * what programs need is gone or closed to all; `processes`, no further one can be started; `busy`,
 * those there are leave no time for another; `tool`, the program `what` is
 * gone; `full` and `read-only`, nothing can be written at `what`. What is most in the way comes first.
 */
export const IMPAIRMENT_KINDS = ['silent', 'system', 'processes', 'busy', 'tool', 'read-only', 'full'] as const;
export type ImpairmentKind = (typeof IMPAIRMENT_KINDS)[number];

export const impairmentSchema = z.object({
  /** The role of the machine. */
  machine: z.string(),
  kind: z.enum(IMPAIRMENT_KINDS),
  /** A program or a mount point; null of the machine as a whole. */
  what: z.nullable(z.string()),
});
export type Impairment = z.infer<typeof impairmentSchema>;
