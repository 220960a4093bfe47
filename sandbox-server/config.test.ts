import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readConfig, sandboxesOn } from './config.ts';
import { SETTINGS, type Setting } from './settings.ts';

const GIB = 1024 ** 3;

/** The formatter lines the columns up. */
const unpadded = (row: string) => row.replace(/ +\|/g, ' |');

function refusal(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (cause) {
    return (cause as Error).message;
  }
  return 'accepted';
}

describe('the configuration', () => {
  it('without any setting listens on this computer only, with units worked out', () => {
    const config = readConfig({});
    assert.deepEqual(
      [config.host, config.port, config.remote, config.publicOrigins, config.driver],
      ['127.0.0.1', 4321, false, [], 'local'],
    );
    assert.deepEqual(
      [config.sandboxLifetimeMs, config.extensionMs, config.sandboxMaxLifetimeMs, config.terminalHistoryBytes],
      [3_600_000, 1_800_000, 14_400_000, 524_288],
    );
  });

  it('admits as many sandboxes as memory and processors of all hosts carry, or as many as it is told', () => {
    const host = (memoryGib: number, processors: number) => ({ memoryBytes: memoryGib * GIB, processors });
    const fit = (...of: Parameters<typeof host>) => sandboxesOn(readConfig({}), [host(...of)]);
    assert.deepEqual([fit(8, 2), fit(2, 2), fit(64, 8), fit(0.1, 1)], [32, 8, 128, 1]);
    assert.equal(sandboxesOn(readConfig({}), [host(8, 2), host(2, 2)]), 40);
    assert.equal(sandboxesOn(readConfig({}), []), 0);
    assert.equal(sandboxesOn(readConfig({ MAX_SANDBOXES: '3' }), [host(8, 2)]), 3);
    assert.ok(sandboxesOn(readConfig({})) > 0);
  });

  it('takes an empty value for one that was left out', () => {
    assert.equal(readConfig({ PORT: '' }).port, 4321);
  });

  it('names every problem at once, each with its value and what is allowed', () => {
    assert.equal(
      refusal({ PORT: '99999', DRIVER: 'vmware', PUBLIC_ORIGINS: 'https://lab.example.org/', SANDBOX_MINUTES: '1.5' }),
      [
        'Drydock cannot start: 4 settings are not allowed.',
        '  - PORT is "99999": allowed is a whole number from 0 to 65535; leave it out for 4321.',
        '  - PUBLIC_ORIGINS is "https://lab.example.org/": allowed is a comma-separated list of origins such as ' +
          'https://lab.example.org (no path, no slash at the end).',
        '  - DRIVER is "vmware": allowed is local or docker or auto or fake; leave it out for local.',
        '  - SANDBOX_MINUTES is "1.5": allowed is a whole number from 1 to 1440; leave it out for 60.',
        'Settings come from the environment; docs/configuration.md lists them all.',
      ].join('\n'),
    );
  });

  it('refuses an address that others reach until it is told twice, and says what it would mean', () => {
    assert.equal(
      refusal({ HOST: '0.0.0.0' }),
      [
        'Drydock cannot start: 2 settings are not allowed.',
        '  - HOST is "0.0.0.0": others can reach that address, and whoever does gets root in machines on this ' +
          'computer, without TLS and without a login. If that is what you want, set ALLOW_REMOTE=1; leave HOST out ' +
          'for 127.0.0.1.',
        '  - PUBLIC_ORIGINS is missing: with HOST "0.0.0.0" it must list the addresses at which learners open the ' +
          'site, such as https://lab.example.org.',
        'Settings come from the environment; docs/configuration.md lists them all.',
      ].join('\n'),
    );
    const origins = 'https://lab.example.org, http://10.0.0.5:4321';
    const config = readConfig({ HOST: '0.0.0.0', ALLOW_REMOTE: '1', PUBLIC_ORIGINS: origins });
    assert.deepEqual([config.remote, config.publicOrigins], [true, origins.split(', ')]);
  });

  it('knows every spelling of this computer itself', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
      assert.equal(readConfig({ HOST: host }).remote, false, host);
    }
  });

  it('refuses a longest life that is shorter than the first', () => {
    assert.match(refusal({ SANDBOX_MAX_MINUTES: '30' }), /SANDBOX_MAX_MINUTES is "30": allowed is no less than/);
  });
});

describe('docs/configuration.md', () => {
  it('lists exactly the settings there are, with their defaults, what is allowed and what they do', () => {
    const docs = readFileSync(join(import.meta.dirname, '../docs/configuration.md'), 'utf8');
    const documented = docs
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map(unpadded);
    const settings = Object.entries(SETTINGS) as [string, Setting<unknown>][];
    assert.deepEqual(
      documented,
      settings.map(
        ([name, { fallback, allowed, meaning }]) => `| \`${name}\` | ${fallback ?? '—'} | ${allowed} | ${meaning} |`,
      ),
    );
  });
});
