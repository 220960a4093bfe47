import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainContainerError } from './explain-container-error.ts';

const where = { engine: { address: 'unix:///run/x.sock' }, runner: { image: 'drydock-runner:1' } };
const answered = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

const cases: [string, Error, string, RegExp][] = [
  [
    'a full disk',
    answered(500, 'mkdir /var/lib/docker/x: no space left on device'),
    'engine-no-space',
    /docker system df/,
  ],
  [
    'an image that was removed',
    answered(404, 'No such image: drydock-runner:1'),
    'engine-image-missing',
    /Restart the server.*npm run deploy/,
  ],
  [
    'limits that cannot be set',
    answered(500, 'failed to write "800": oom_score_adj: permission denied'),
    'engine-limits',
    /docs\/errors\.md/,
  ],
  ['an engine that is gone', new Error('connect ECONNREFUSED /run/x.sock'), 'engine-unreachable', /Is it running\?/],
  ['anything else', answered(500, 'what nobody has heard of'), 'machine-start', /what nobody has heard of/],
];
for (const [what, cause, code, text] of cases) {
  test(`${what} is told with its code and what to do`, () => {
    const error = explainContainerError(cause, where);
    assert.equal((error as { code?: string }).code, code);
    assert.match(error.message, text);
    assert.match(error.message, /unix:\/\/\/run\/x\.sock/);
  });
}
