import type { RunResult } from '../machines/driver.ts';
import type { AskOptions } from './ask.ts';

/** Which script of a lab: of a check or a part of a verdict, by its step; of a proof; of a question. */
export interface Subject {
  readonly kind: 'check' | 'part' | 'proof' | 'question';
  /** Null for questions, which belong to no step. */
  readonly step: string | null;
  readonly id: string;
}

/** One script as it ran. */
export interface Seen extends Subject {
  readonly machine: string;
  /** Unix time, in milliseconds. */
  readonly startedAt: number;
  readonly ms: number;
  /** Null where it did not come to an end: `problem` says why. */
  readonly result: RunResult | null;
  readonly problem: string | null;
}

/** Who looks on, for lab authors: told of every script that was run, and free to do nothing about it. */
export type Witness = (seen: Seen) => void;

/** Runs scripts of one subject before a witness. */
export function runBefore(witness: Witness, subject: Subject, run: AskOptions['run']): AskOptions['run'] {
  return async (machine, request) => {
    const startedAt = Date.now();
    const told = (result: RunResult | null, problem: string | null) =>
      witness({ ...subject, machine, startedAt, ms: Date.now() - startedAt, result, problem });
    try {
      const result = await run(machine, request);
      told(result, result.timedOut ? `no answer within ${request.timeoutMs / 1000} s` : null);
      return result;
    } catch (cause) {
      told(null, String(cause));
      throw cause;
    }
  };
}
