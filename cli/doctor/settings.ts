import { SETTINGS } from '../../sandbox-server/settings.ts';
import { type Finding, good, lack } from './finding.ts';

export function judgeSettings(problems: readonly string[], env: NodeJS.ProcessEnv): Finding[] {
  const fix =
    'Change it or leave it out; docs/configuration.md lists all. Until then all else is judged by the defaults.';
  if (problems.length > 0) return problems.map((problem) => lack('setting', problem, fix));
  const set = Object.keys(SETTINGS).filter((name) => env[name]);
  const text =
    set.length === 0
      ? 'none is set: the defaults hold'
      : `allowed: ${set.map((name) => `${name}=${env[name]}`).join(' ')}`;
  return [good('settings', text)];
}
