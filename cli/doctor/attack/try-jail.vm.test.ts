import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ACCELERATORS } from '../../../sandbox-server/machines/qemu/accelerators.ts';
import { ATTEMPTS } from './attempts.ts';
import { inJail, runProbe } from './run-probe.ts';
import { type SceneOptions, setScene } from './scene.ts';
import { type Trial, tryJail } from './try-jail.ts';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
const options: SceneOptions = {
  asRoot,
  size: { accelerator: ACCELERATORS.tcg, memoryMib: 768, maxFileBytes: 3 * 1024 ** 3 },
};

/** Loads the module as the user `nobody`, who may read the checkout, and tries everything from there. */
function tryJailAsNobody(): Trial[] {
  const program = `
    import { tryJail } from ${JSON.stringify(join(import.meta.dirname, 'try-jail.ts'))};
    console.log(JSON.stringify(await tryJail(${JSON.stringify({ ...options, asRoot: false })})));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    ...{
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
      cwd: '/',
      env: { ...process.env, HOME: '/nonexistent', TMPDIR: '/tmp' },
    },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const gotThrough = (trials: readonly Trial[]) =>
  trials.filter(({ inJail }) => inJail.outcome !== 'refused').map(({ inJail }) => inJail);
const provedNothing = (trials: readonly Trial[]) =>
  trials.flatMap(({ withoutJail }) =>
    withoutJail === undefined || withoutJail.outcome === 'succeeded' ? [] : [withoutJail],
  );

describe('a program in the place of QEMU', () => {
  it('gets nothing that it tries for, and everything without the jail', async () => {
    const trials = await tryJail(options);
    assert.deepEqual(gotThrough(trials), []);
    assert.deepEqual(provedNothing(trials), []);
    const tried = trials.filter(({ withoutJail }) => withoutJail !== undefined).length;
    assert.ok(tried >= (asRoot ? 50 : 35), `compared: ${tried}`);
  });

  it('gets nothing when an ordinary user has started it either', { skip: !asRoot && 'that is the test above' }, () => {
    const trials = tryJailAsNobody();
    assert.deepEqual(gotThrough(trials), []);
    assert.deepEqual(provedNothing(trials), []);
  });

  it('finds most doors closed even if the filter let everything pass', async () => {
    await using scene = await setScene(options);
    const start = inJail({ jail: scene.jail, createsFiles: true, policy: { rules: [], otherwise: 'allow' } });
    const results = [];
    for (const { name } of ATTEMPTS) results.push(...(await runProbe(start, scene.inside, [name])));
    const refused = results.filter(({ outcome }) => outcome === 'refused').map(({ attempt }) => attempt);
    for (const name of HELD_BY_NAMESPACES_AND_LIMITS) assert.ok(refused.includes(name), name);
    const succeeded = results.filter(({ outcome }) => outcome === 'succeeded').map(({ attempt }) => attempt);
    for (const name of HELD_BY_THE_FILTER) assert.ok(succeeded.includes(name), `${name}: the filter alone refuses it`);
  });
});

const HELD_BY_NAMESPACES_AND_LIMITS = [
  ...[
    'read-neighbour-file',
    'list-neighbour',
    'enter-neighbour-socket',
    'write-template',
    'replace-template',
    'write-image',
  ],
  ...[
    'write-libraries',
    'read-store',
    'read-passwords',
    'list-root-home',
    'list-homes',
    'see-processes',
    'signal-process',
  ],
  ...['exec-shell', 'tcp-to-loopback', 'tcp-to-host', 'tcp-to-metadata', 'abstract-socket', 'daemon-socket'],
  ...['new-user-namespace', 'new-network-namespace', 'mount', 'change-root', 'become-root', 'raise-priority'],
  ...['memory', 'file-size', 'open-files', 'threads', 'fill-tmp', 'fill-shared-memory', 'fill-dev', 'fill-root'],
];

const HELD_BY_THE_FILTER = [
  ...['fork', 'trace-process', 'socket-inet', 'socket-netlink', 'keys', 'memory-file', 'shared-memory', 'personality'],
  ...['new-file', 'new-folder', 'file-in-tmp'],
];
