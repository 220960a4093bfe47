import type { FastifyError, FastifyInstance } from 'fastify';
import { DrydockError, type LearnerErrorCode, learnerError, Refusal } from '../errors.ts';
import type { Refusals } from './refusals.ts';

const STATUS: Partial<Record<LearnerErrorCode, number>> = {
  'foreign-origin': 403,
  'lab-unknown': 404,
  'bad-request': 400,
  'too-many-requests': 429,
  'too-many-tabs': 429,
  'too-many-sandboxes': 429,
  'too-many-from-address': 429,
  'cannot-keep': 503,
  internal: 500,
};

/** Every failed request is answered with `{ error: { code, message, hint } }`, never with a stack. */
export function addErrorAnswers(app: FastifyInstance, refusals: Refusals): void {
  app.setErrorHandler((cause: FastifyError | DrydockError | Refusal, request, reply) => {
    const code = cause instanceof Refusal ? cause.code : codeOf(cause);
    if (code === 'internal') request.log.error({ err: cause }, 'a request failed');
    else refusals.note('http', code);
    if (code === 'cannot-keep') request.log.error({ err: cause }, 'the store could not be written: is its disk full?');
    return reply.code(STATUS[code] ?? 400).send({ error: learnerError(code) });
  });
}

function codeOf(cause: FastifyError | DrydockError): LearnerErrorCode {
  if (cause instanceof DrydockError) return cause.code === 'store-unwritable' ? 'cannot-keep' : 'internal';
  const { statusCode = 500 } = cause;
  if (statusCode === 429) return 'too-many-requests';
  return statusCode < 500 ? 'bad-request' : 'internal';
}
