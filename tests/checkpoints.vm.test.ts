import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LABS_FOLDER } from '../cli/lab/find-lab.ts';
import { Tryout } from '../cli/lab/tryout.ts';
import type { Lab, LabStep } from '../labs/format/lab.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { stepsBefore } from '../labs/format/steps-before.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { Artefacts } from '../sandbox-server/images/artefacts.ts';
import { Checkpoints } from '../sandbox-server/images/checkpoints.ts';
import { foldersInUse } from '../sandbox-server/images/folders-in-use.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import type { Machine } from '../sandbox-server/machines/driver.ts';
import { TerminalTap } from '../sandbox-server/machines/terminal-tap.ts';

const TIMEOUT_MS = 60_000;
const { signal } = new AbortController();
const text = { 'zh-cn': '', en: '' };

const step = (id: string, lines: readonly string[], script: string): LabStep => ({
  ...{ id, kind: 'explore', title: text, instruction: text, optional: false, hints: [], verdict: null, mutants: [] },
  checks: [{ id, kind: 'goal', line: text, machine: 'host', script, messages: {}, keeps: true }],
  solution: lines.map((command) => ({ terminal: 'root', command })),
});

/** Its solutions leave every kind of trace: files, a secret moved and one protected, a login that ended. */
const lab: Lab = {
  ...{ id: 'traces', image: 'debian-docker', title: text, kit: '', questions: [] },
  machines: [
    {
      ...{ role: 'host', hostname: 'dock', setup: 'useradd --create-home --shell /bin/bash alice' },
      terminals: [
        { id: 'root', user: 'root' },
        { id: 'alice', user: 'alice' },
      ],
      secrets: ['kept', 'moved'].map((id) => ({
        ...{ id, path: `/root/${id}`, owner: 'root', mode: 0o644, content: '{random}\n' },
      })),
    },
  ],
  steps: [
    step('protect', ['chmod 600 kept', 'mv moved elsewhere', 'seq 3000'], 'test -e /root/elsewhere'),
    step('leave', ['echo was here > trace', 'exit'], 'test -e /root/trace'),
    step('last', [], 'exit 1'),
  ],
};

describe('a checkpoint', { concurrency: 1 }, () => {
  let engine: Awaited<ReturnType<typeof openLocalMachines>>;
  let cache: string;
  let forks = 0;
  const opened = (from: AbortSignal = signal) =>
    new Checkpoints({
      ...{ artefacts: new Artefacts(cache), baker: engine.driver, limitBytes: Number.POSITIVE_INFINITY, signal: from },
      onPrepare: () => ({ end: () => {} }),
    });
  const at = async (id: string) => {
    const refs = await opened().at(lab, await engine.templates.forLab(lab), id);
    const template = refs.get('host');
    assert.ok(template);
    return template;
  };
  const fork = async (id: string, files: Parameters<typeof engine.driver.fork>[1]['files'] = []) => {
    forks += 1;
    return engine.driver.fork(await at(id), { id: `checkpoint-${forks}`, files, signal });
  };
  const output = async (machine: Machine, script: string) =>
    (await machine.run({ script, timeoutMs: TIMEOUT_MS })).stdout.trim();

  before(async () => {
    engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
    // Not in /tmp: machines are users of their own, and a cache is often on another disk.
    cache = await mkdtemp('/var/tmp/drydock-checkpoints-');
    await chmod(cache, 0o755);
  });
  after(async () => {
    await engine[Symbol.asyncDispose]();
    await rm(cache, { recursive: true });
  });

  it('that was interrupted while it was made leaves nothing that is trusted', async () => {
    const interruption = new AbortController();
    const start = await engine.templates.forLab(lab);
    const making = opened(interruption.signal).at(lab, start, 'leave');
    const [key = ''] = await keysUnderWay(making, cache);
    assert.ok(key !== '');
    interruption.abort(new Error('interrupted'));
    await assert.rejects(making, /interrupted|aborted/);
    assert.deepEqual(await readdir(join(cache, 'checkpoints')), [`${key}.lock`]);
    await at('leave');
    assert.ok(existsSync(join(cache, 'checkpoints', key, 'complete.json')));
  });

  it('has what the solutions before it did, and a clear screen with a prompt in every terminal', async () => {
    await using machine = await fork('last');
    assert.equal(await output(machine, 'cat /root/trace; test -e /root/elsewhere && echo moved'), 'was here\nmoved');
    const [root, alice] = machine.terminals.map((terminal) => new TerminalTap(terminal));
    assert.ok(root && alice);
    await root.seen(/root@dock:~# $/);
    await alice.seen(/alice@dock:~\$ $/);
    assert.equal(root.firstOffset, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that clears a screen
    assert.match(root.text, /\x1b\[H\x1b\[2J(\x1b\[3J)?root@dock:~# $/);
    assert.doesNotMatch(root.text, /3000|was here/);
    await root.type('echo tr""ied\r');
    await root.seen(/^tried\r?$/m);
    await root.type('history | grep -c "was here"; echo cou""nted\r');
    await root.seen(/^[1-9]\r?\ncounted\r?$/m);
  });

  it('gives each fork secrets of its own, where and as the solutions left their files', async () => {
    const files = (content: string) =>
      ['kept', 'moved'].map((id) => ({ path: `/root/${id}`, content, mode: 0o644, owner: 'root' }));
    const seen = async (content: string) => {
      await using machine = await fork('last', files(content));
      return await output(machine, 'cat /root/kept; stat -c %a /root/kept; test -e /root/moved || echo still moved');
    };
    assert.equal(await seen('one\n'), 'one\n600\nstill moved');
    assert.equal(await seen('two\n'), 'two\n600\nstill moved');
    await using machine = await fork('protect', files('new\n'));
    assert.equal(await output(machine, 'cat /root/moved; stat -c %a /root/moved'), 'new\n644');
  });

  it('adds one disk layer to its lab, however many steps lie before it', async () => {
    for (const [id, layers] of [
      ['protect', 1],
      ['leave', 2],
      ['last', 2],
    ] as const) {
      const { folder } = await at(id);
      const { disks } = JSON.parse(await readFile(join(folder, 'template.json'), 'utf8')) as { disks: unknown[] };
      assert.equal(disks.length - 1, layers, `${id} is ${disks.length - 1} layers above the image`);
    }
  });

  it('is known to be in use while a machine runs from it', { timeout: TIMEOUT_MS }, async () => {
    const { folder } = await at('last');
    {
      await using _machine = await fork('last');
      assert.equal((await foldersInUse())(folder), true);
    }
    // Its supervisor may have a moment more to live than the machine. One that stays fails by the test's deadline.
    while ((await foldersInUse())(folder)) await new Promise(setImmediate);
  });

  it('starts about as fast as the lab itself', async () => {
    const times = { protect: [] as number[], last: [] as number[] };
    for (let round = 0; round < 5; round += 1) {
      for (const id of ['protect', 'last'] as const) {
        const startedAt = performance.now();
        await using _machine = await fork(id);
        times[id].push(performance.now() - startedAt);
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[2] as number;
    const ratio = median(times.last) / median(times.protect);
    assert.ok(ratio < 2, `${ratio.toFixed(2)} times as long`);
  });
});

const group = loadLab(join(LABS_FOLDER, 'docker-group'));

for (const { id, checks } of group.steps) {
  describe(`docker-group at the start of ${id}`, () => {
    it('has what must keep holding of the steps before, and its own goals to be reached', async () => {
      await using engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
      await using tryout = await Tryout.start(group, engine, { signal, step: id });
      const earlier = (stepsBefore(group, id) ?? []).flatMap((one) => one.checks.filter(({ keeps }) => keeps));
      for (const check of earlier) assert.equal((await tryout.ask(check, TIMEOUT_MS)).status, 'passed', check.id);
      const goals = checks.filter(({ kind }) => kind === 'goal');
      const outcomes = await Promise.all(goals.map((goal) => tryout.ask(goal, TIMEOUT_MS)));
      assert.ok(outcomes.some(({ status }) => status === 'failed'));
    });
  });
}

/** Keys under way, once there is one. */
async function keysUnderWay(making: Promise<unknown>, cache: string): Promise<string[]> {
  let over = false;
  const ended = making
    .catch(() => {})
    .finally(() => {
      over = true;
    });
  while (!over) {
    const names = await readdir(join(cache, 'checkpoints')).catch(() => []);
    const half = names.filter((name) => name.endsWith('.partial')).map((name) => name.replace('.partial', ''));
    if (half.length > 0) return half;
    await Promise.race([ended, new Promise(setImmediate)]);
  }
  return [];
}
