import { DrydockError, type OperatorErrorCode } from '../../errors.ts';
import type { Engine } from './engine/connect-engine.ts';

/** The engine's answer; `undefined` when there was none. */
export const statusOf = (cause: unknown): number | undefined => (cause as { statusCode?: number }).statusCode;

/** The gate is there, and no engine behind it. */
const BEHIND_GATE = 502;

/** What an engine said to a container that was wanted, as what to do about it. */
export function explainContainerError(
  cause: unknown,
  { engine, runner }: { readonly engine: Pick<Engine, 'address'>; readonly runner: { readonly image: string } },
): Error {
  const message = (cause as Error).message ?? String(cause);
  const say = (code: OperatorErrorCode, text: string) =>
    new DrydockError(code, `The Docker Engine at ${engine.address} ${text}`, { cause });
  if (/no space left|disk quota exceeded/i.test(message)) {
    return say('engine-no-space', 'has no space left. Free some on its disk ("docker system df" shows what takes it).');
  }
  if (/no such image/i.test(message)) {
    return say(
      'engine-image-missing',
      `does not have the image ${runner.image} any more. Restart the server: it brings it again; behind a gate, "npm run deploy" does.`,
    );
  }
  if (/cgroup|limit|rlimit|oom_score/i.test(message)) {
    return say('engine-limits', `cannot hold a machine to its limits: ${message}. See docs/errors.md.`);
  }
  const status = statusOf(cause);
  if (status === undefined || status === BEHIND_GATE)
    return say('engine-unreachable', `does not answer: ${message}. Is it running?`);
  return say('machine-start', `did not start a container: ${message}`);
}
