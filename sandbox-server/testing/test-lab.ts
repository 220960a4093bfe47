import type { Lab, LabCheck, LabStep, LabVerdictPart } from '../../labs/format/lab.ts';

const text = (en: string) => ({ 'zh-cn': `${en}（中）`, en });

function check(id: string, script: string, more: Partial<LabCheck> = {}): LabCheck {
  const messages = {
    missing: { expected: text('{path} exists'), seen: text('there is no {path}'), try: text('touch {path}') },
    present: { expected: text('{path} is gone'), seen: text('{path} is there'), try: text('rm {path}') },
  };
  return { id, kind: 'goal', line: text(id), machine: 'host', script, messages, keeps: true, ...more };
}

function part(kind: LabVerdictPart['kind'], script: string): LabVerdictPart {
  const { kind: _kind, keeps: _keeps, ...asked } = check(kind, script);
  return { ...asked, kind, tried: text(`${kind}: tried {what}`), timeoutMs: 5_000 };
}

function step(id: string, more: Partial<LabStep>): LabStep {
  return {
    ...{ id, kind: 'explore', title: text(id), instruction: text(id), optional: false, checks: [], verdict: null },
    hints: [text(`${id}: a mild hint`), text(`${id}: a strong hint`)],
    solution: [{ terminal: 'alice', command: `touch /${id}` }],
    ...{ mutants: [], ...more },
  };
}

const exists = (path: string) => `test -e ${path} && exit 0; echo missing path=${path}; exit 1`;
const isGone = (path: string) => `test -e ${path} || exit 0; echo present path="${path}"; exit 1`;

/** A lab whose scripts the fake machine's shell can run: its goals are files that a learner touches or removes. */
export const TEST_LAB: Lab = {
  id: 'test-lab',
  image: 'none',
  title: text('Test lab'),
  machines: [
    {
      role: 'host',
      hostname: 'dock',
      setup: '',
      terminals: [
        { id: 'alice', user: 'alice' },
        { id: 'root', user: 'root' },
      ],
      secrets: [{ id: 'door-key', path: '/door', owner: 'root', mode: 0o600, content: 'key-{random}\n' }],
    },
  ],
  steps: [
    step('mark', { checks: [check('marked', exists('/mark'))] }),
    step('door', {
      kind: 'defend',
      checks: [
        check('door-gone', isGone('/door')),
        check('mark-kept', `true; ${exists('/mark')}`, { kind: 'guard' }),
        check('asked-once', exists('/asked'), { keeps: false }),
      ],
      verdict: {
        proof: null,
        parts: [part('use', `true; true; ${exists('/mark')}`), part('attack', isGone('/backdoor'))],
      },
    }),
    step('extra', { optional: true, checks: [check('extra-mark', exists('/extra'))] }),
    step('last', { checks: [check('last-mark', exists('/last'))] }),
  ],
  questions: [
    {
      ...{ id: 'where', text: text('where?'), typed: null, machine: 'host', mutants: [] },
      choices: [
        { id: 'here', text: text('here'), right: text('it is here'), wrong: text('not here') },
        { id: 'there', text: text('there'), right: text('it is there'), wrong: text('not there') },
      ],
      ...{ answer: 'here', expected: text('a place'), try: text('look around') },
      script: 'test -e /moved && echo there || echo here',
    },
    {
      ...{ id: 'how-many', text: text('how many?'), choices: null, machine: '', script: null, mutants: [] },
      typed: { right: text('yes, {answer}'), wrong: text('not {answer}') },
      ...{ answer: '660', expected: text('a number'), try: text('count them') },
    },
  ],
  kit: '# the kit',
};
