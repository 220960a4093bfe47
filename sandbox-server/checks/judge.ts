import { randomBytes } from 'node:crypto';
import type { LabProof, LabVerdict, LabVerdictPart } from '../../labs/format/lab.ts';
import type { RunResult } from '../machines/driver.ts';
import { type AskOptions, type Outcome, scriptVariables } from './ask.ts';

/** 96 bits that nobody has seen before, and nobody guesses. */
const PROOF_BYTES = 12;
/** For putting the proof where it belongs, and for removing it. */
const PROOF_TIMEOUT_MS = 30_000;

export interface JudgeOptions extends Pick<AskOptions, 'kit' | 'secrets' | 'run'> {
  /** Asks one part, within its own time. */
  ask(part: LabVerdictPart, proof: string): Promise<Outcome>;
  /** The proof could not be put, or not removed: `detail` is for the log and for lab authors. */
  proofFailed(detail: string): void;
  /** Attacks are tried although a use failed: for the tests of a lab. */
  readonly everyPart?: boolean;
}

export interface Judged {
  readonly part: LabVerdictPart;
  readonly outcome: Outcome;
}

/**
 * Asks the parts of a verdict, uses first. While a use fails no attack is tried: that it fails on a service that is
 * down would prove nothing. The proof is removed whatever happens, also when whoever asks stops listening.
 */
export async function* judge(verdict: LabVerdict, options: JudgeOptions): AsyncGenerator<Judged> {
  const proof = randomBytes(PROOF_BYTES).toString('hex');
  const place = verdict.proof && new Place(verdict.proof, proof, options);
  try {
    const problem = (await place?.call('put')) ?? null;
    let isUsable = true;
    for (const part of verdict.parts) {
      if (part.kind === 'attack' && !isUsable && !options.everyPart) break;
      const outcome =
        problem === null ? await options.ask(part, proof) : ({ status: 'errored', detail: problem } as const);
      if (part.kind === 'use' && outcome.status !== 'passed') isUsable = false;
      yield { part, outcome };
    }
  } finally {
    await place?.call('remove');
  }
}

/** Where the proof lies while a verdict is asked. */
class Place {
  readonly #place: LabProof;
  readonly #proof: string;
  readonly #options: JudgeOptions;

  constructor(place: LabProof, proof: string, options: JudgeOptions) {
    this.#place = place;
    this.#proof = proof;
    this.#options = options;
  }

  /** What went wrong; null when nothing did. Nobody's signal ends it: what was put has to be removed. */
  async call(what: 'put' | 'remove'): Promise<string | null> {
    const { kit, secrets, run, proofFailed } = this.#options;
    const script = `${kit}\nset -- ${what}\n${this.#place.script}`;
    const env = scriptVariables(secrets, this.#proof);
    try {
      const result = await run(this.#place.machine, { script, env, timeoutMs: PROOF_TIMEOUT_MS });
      if (result.status === 0) return null;
      const problem = `the proof: ${what} ended with ${describe(result)}`;
      proofFailed(problem);
      return problem;
    } catch (cause) {
      proofFailed(`the proof: ${what}: ${String(cause)}`);
      if (what === 'put') throw cause;
      return null;
    }
  }
}

function describe({ status, timedOut, stderr, stdout }: RunResult): string {
  return timedOut ? 'its time' : `status ${status}: ${(stderr.trim() || stdout.trim()).slice(-400)}`;
}
