import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findConfigProblems } from '../../sandbox-server/config.ts';
import { judgeSettings } from './settings.ts';

const judge = (env: NodeJS.ProcessEnv) => judgeSettings(findConfigProblems(env), env);

test('settings that are set are named', () => {
  assert.deepEqual(judge({}), [{ level: 'good', subject: 'settings', text: 'none is set: the defaults hold' }]);
  assert.deepEqual(judge({ PORT: '80', IDLE_MINUTES: '5', HOME: '/root' }), [
    { level: 'good', subject: 'settings', text: 'allowed: PORT=80 IDLE_MINUTES=5' },
  ]);
});

test('every setting that is not allowed is listed', () => {
  const fix =
    'Change it or leave it out; docs/configuration.md lists all. Until then all else is judged by the defaults.';
  assert.deepEqual(judge({ PORT: 'x', DRIVER: 'vmware' }), [
    {
      level: 'lack',
      subject: 'setting',
      text: 'PORT is "x": allowed is a whole number from 0 to 65535; leave it out for 4321.',
      fix,
    },
    {
      level: 'lack',
      subject: 'setting',
      text: 'DRIVER is "vmware": allowed is local or docker or auto or fake; leave it out for local.',
      fix,
    },
  ]);
});
