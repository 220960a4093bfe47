import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { readConfig } from '../../config.ts';
import { openDockerMachines } from '../../docker-machines.ts';
import { PAIR } from '../contract/labs.ts';
import type { Machine, Network } from '../driver.ts';
import { CANNOT_RUN_ENGINE, startOwnEngine } from './engine/own-engine.ts';

const RUN_TIMEOUT_MS = 20_000;

if (CANNOT_RUN_ENGINE) {
  it('machines on several engines', { skip: CANNOT_RUN_ENGINE });
} else {
  const engines = [await startOwnEngine(), await startOwnEngine()] as const;
  const dockers = engines.map(({ folder }) => new Docker({ socketPath: join(folder, 'docker.sock') }));
  const state = mkdtempSync(join(tmpdir(), 'dd-several-state-'));
  const ENGINES = engines.map(({ host }) => host).join(',');
  const env = { ...process.env, DRIVER: 'docker', ENGINES, XDG_STATE_HOME: state, ACCELERATOR: 'tcg' };
  const told: string[] = [];
  const machines = await openDockerMachines({
    ...{ env, config: readConfig(env), onEngine: (words: string) => told.push(words) },
  });
  const { driver } = machines;
  const templates = await machines.templates.forLab(PAIR);
  after(async () => {
    await machines[Symbol.asyncDispose]();
    for (const engine of engines) await engine[Symbol.asyncDispose]();
    rmSync(state, { recursive: true, force: true });
  });

  let forks = 0;
  const fork = (role: 'near' | 'far', network: Network): Promise<Machine> => {
    const template = templates.get(role);
    assert.ok(template);
    forks += 1;
    return driver.fork(template, { id: `several-${process.pid}-${forks}`, network });
  };
  const containers = async () =>
    Promise.all(dockers.map(async (docker) => (await docker.listContainers({ all: true })).length));
  const run = async (machine: Machine, script: string) =>
    (await machine.run({ script, timeoutMs: RUN_TIMEOUT_MS })).stdout.trim();

  describe('machines on several engines', { concurrency: 1 }, () => {
    it('are forked from templates made on one of them, a sandbox on each, and its machines reach each other', async () => {
      await using all = new AsyncDisposableStack();
      for (const expected of [
        [2, 0],
        [2, 2],
      ]) {
        using network = driver.network();
        const both = await Promise.all([fork('near', network), fork('far', network)]);
        for (const machine of both) all.use(machine);
        assert.deepEqual(await containers(), expected);
        assert.match(await run(both[0], 'ping -c 2 -W 5 far'), / 0% packet loss/);
      }
    });

    it('go on where an engine is lost: its own end, others start elsewhere, and it is used again once it is back', async () => {
      using firstNetwork = driver.network();
      using secondNetwork = driver.network();
      await using lost = await fork('near', firstNetwork);
      await using kept = await fork('near', secondNetwork);
      await engines[0].kill();
      assert.equal(await driver.problem(), undefined);
      assert.equal(driver.hosts()?.length, 1);
      using network = driver.network();
      await using next = await fork('near', network);
      assert.equal(await run(next, 'echo here'), 'here');
      assert.equal(await run(kept, 'echo there'), 'there');
      await engines[0].start();
      assert.equal((await lost.ended).cause, 'crashed');
      while (driver.hosts()?.length !== 2) await delay(100);
      assert.match(told.join('\n'), /is left out: .*does not answer.*\n.*is used again\.$/);
      using again = driver.network();
      await using first = await fork('near', again);
      assert.equal(await run(first, 'echo back'), 'back');
      assert.deepEqual(await containers(), [1, 2]);
    });
  });
}
