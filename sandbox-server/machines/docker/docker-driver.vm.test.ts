import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import Docker from 'dockerode';
import { readConfig } from '../../config.ts';
import { type DockerMachines, openDockerMachines, RUNNER_FOLDER } from '../../docker-machines.ts';
import { openGate } from '../../gate/open-gate.ts';
import { Artefacts } from '../../images/artefacts.ts';
import { ensureRunner } from '../../images/build-runner.ts';
import { MAX_OVERLAY_BYTES } from '../../local-machines.ts';
import { makeLog } from '../../log.ts';
import { resolvePaths } from '../../paths.ts';
import { describeDriverContract } from '../contract/contract.ts';
import { ALONE, PAIR } from '../contract/labs.ts';
import type { ContractSubject } from '../contract/subject.ts';
import type { Driver, Machine, TemplateRef } from '../driver.ts';
import { bringRunner } from './bring-runner.ts';
import { LABELS } from './docker-context.ts';
import { connectEngine } from './engine/connect-engine.ts';
import { findEngine } from './engine/find-engine.ts';
import { CANNOT_RUN_ENGINE, type OwnEngine, startOwnEngine } from './engine/own-engine.ts';

const RUN_TIMEOUT_MS = 20_000;

/** `BEHIND_GATE=1`: the driver has the engine through a gate, as in deploy/compose.yaml. */
async function openGateTo({ folder, host }: OwnEngine): Promise<AsyncDisposable & { readonly host: string }> {
  const socket = join(folder, 'gate.sock');
  const { machineMemoryMib } = readConfig(process.env);
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const onPrepare = () => ({ report: () => {}, end: () => {} });
  const options = { artefacts: new Artefacts(cache), programsFolder: RUNNER_FOLDER, onPrepare };
  // As "npm run deploy" does: a gate lets no image through.
  const direct = await connectEngine(await findEngine({ DOCKER_HOST: host }));
  const { image: runner } = await bringRunner(direct, await ensureRunner(options), undefined);
  const gate = await openGate({
    ...{ socket, engine: join(folder, 'docker.sock'), owner: 'gated', maxContainers: 200, runner, accelerator: 'tcg' },
    // Whatever it refuses is a fault, of the one or the other.
    log: makeLog({ logLevel: 'warn' }),
    maxima: { machineMemoryMib, maxOverlayBytes: MAX_OVERLAY_BYTES },
  });
  return { host: `unix://${socket}`, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

if (CANNOT_RUN_ENGINE) {
  it('machines in containers', { skip: CANNOT_RUN_ENGINE });
} else {
  const engine = await startOwnEngine();
  const state = mkdtempSync(join(tmpdir(), 'dd-docker-state-'));
  const gate = process.env.BEHIND_GATE ? await openGateTo(engine) : undefined;
  const env = { ...process.env, DOCKER_HOST: gate?.host ?? engine.host, XDG_STATE_HOME: state, ACCELERATOR: 'tcg' };
  const open = (): Promise<DockerMachines> => openDockerMachines({ env, config: readConfig(env) });
  const machines = await open();
  const { driver } = machines;
  const docker = new Docker({ socketPath: join(engine.folder, 'docker.sock') });
  const [template] = (await machines.templates.forLab(ALONE)).values();
  const pairTemplates = await machines.templates.forLab(PAIR);
  let forks = 0;
  const forkOf = (from: TemplateRef | undefined, options = {}, by: Driver = driver): Promise<Machine> => {
    if (!from) throw new Error('the lab has no such machine');
    forks += 1;
    return by.fork(from, { id: `contract-${process.pid}-${forks}`, ...options });
  };
  const makeMachine: ContractSubject['makeMachine'] = (options) => forkOf(template, options);
  const run = async (machine: Machine, script: string) =>
    (await machine.run({ script, timeoutMs: RUN_TIMEOUT_MS })).stdout.trim();

  /** The mux has the machine's command line in its own. */
  const isQemu = (words: readonly string[]) => /^qemu-system/.test(words.at(-1) ?? '');
  const containers = async () => docker.listContainers({ all: true });
  const volumes = async () => (await docker.listVolumes()).Volumes.map(({ Name }) => Name);
  const containerOf = async (machine: Machine) => {
    const found = (await containers()).find(({ Labels }) => Labels[LABELS.machine] === machine.id);
    assert.ok(found, 'its container is labelled');
    return docker.getContainer(found.Id);
  };

  /** What the engine and this host have of machines; empty when there are none. */
  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual(await containers(), []);
    assert.deepEqual(await volumes(), ['drydock-files']);
    const names = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid));
    const left = names.filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`contract-${process.pid}`);
      } catch {
        return false;
      }
    });
    assert.deepEqual(left, []);
  }

  after(async () => {
    await machines[Symbol.asyncDispose]();
    await gate?.[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    rmSync(state, { recursive: true, force: true });
    assert.deepEqual(engine.processes(), []);
    assert.deepEqual(engine.mounts(), []);
    assert.equal(existsSync(engine.folder), false);
  });

  describeDriverContract({
    name: 'QEMU in containers (tcg)',
    makeMachine,
    adopt: (record) => driver.adopt(record),
    dispose: assertNothingLeft,
  });

  describe('a machine in a container', { concurrency: 1 }, () => {
    it('may do nothing that its QEMU does not need', async () => {
      await using machine = await makeMachine();
      await using other = await makeMachine();
      const { HostConfig, Config, State } = await (await containerOf(machine)).inspect();
      assert.equal(HostConfig.NetworkMode, 'none');
      assert.equal(HostConfig.ReadonlyRootfs, true);
      assert.equal(HostConfig.Privileged, false);
      assert.deepEqual(HostConfig.CapDrop, ['ALL']);
      assert.equal(HostConfig.CapAdd, null);
      assert.ok(HostConfig.SecurityOpt?.includes('no-new-privileges'));
      assert.ok(HostConfig.SecurityOpt?.some((option: string) => option.startsWith('seccomp={')));
      for (const limit of ['Memory', 'MemorySwap', 'PidsLimit', 'CpuShares', 'NanoCpus'] as const) {
        assert.ok((HostConfig[limit] ?? 0) > 0, limit);
      }
      assert.notEqual(Config.User, (await (await containerOf(other)).inspect()).Config.User);
      // Of every process in it, the machine's own included, as the kernel sees them.
      const { Processes } = await (await containerOf(machine)).top();
      assert.ok(Processes.length >= 3);
      for (const [, pid] of Processes as string[][]) {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        assert.match(status, /^CapPrm:\t0+$/m);
        assert.match(status, /^CapBnd:\t0+$/m);
        assert.match(status, /^NoNewPrivs:\t1$/m);
        assert.match(status, /^Seccomp:\t2$/m);
        assert.match(status, new RegExp(`^Uid:\t${Config.User.split(':')[0]}\t`, 'm'));
      }
      // QEMU has its own filters inside: the mux's for it and its own.
      const qemu = (Processes as string[][]).find(isQemu);
      const filters = /^Seccomp_filters:\t(\d+)$/m.exec(readFileSync(`/proc/${qemu?.[1]}/status`, 'utf8'))?.[1];
      assert.ok(Number(filters) >= 3, `${filters} filters`);
      assert.ok(State.Running);
    });

    it('shares its template with the others: one copy in memory, whatever they write', async () => {
      await using first = await makeMachine();
      await using second = await makeMachine();
      const shared = async (machine: Machine) => {
        const { Processes } = await (await containerOf(machine)).top();
        const qemu = (Processes as string[][]).find(isQemu);
        const maps = readFileSync(`/proc/${qemu?.[1]}/smaps`, 'utf8').split(/\n(?=[0-9a-f]+-)/);
        const memory = maps.find((map) => /\/files\/[0-9a-f]+\/memory/.test(map)) ?? '';
        const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(memory)?.[1]);
        return {
          inode: /^\S+ \S+ \S+ (\S+) (\d+)/.exec(memory)?.slice(1),
          shared: kib('Shared_Clean'),
          rss: kib('Rss'),
        };
      };
      const [one, two] = [await shared(first), await shared(second)];
      assert.deepEqual(one.inode, two.inode);
      assert.ok(one.shared > one.rss / 3, `${one.shared} of ${one.rss} KiB are shared`);
    });

    const inAnHour = () => Date.now() + 3_600_000;
    it('is told of at once when its container is killed, and nothing is left', async () => {
      await using machine = await makeMachine();
      machine.liveUntil(inAnHour());
      await (await containerOf(machine)).kill();
      assert.equal((await machine.ended).cause, 'crashed');
      await machine[Symbol.asyncDispose]();
      await assertNothingLeft();
    });

    it('is told of when it is frozen', async () => {
      await using machine = await makeMachine();
      const { Processes } = await (await containerOf(machine)).top();
      const qemu = (Processes as string[][]).find(isQemu);
      process.kill(Number(qemu?.[1]), 'SIGSTOP');
      assert.deepEqual(await machine.ended, { cause: 'frozen', detail: 'its process is stopped' });
      await machine[Symbol.asyncDispose]();
      await assertNothingLeft();
    });

    it('says what it has used', async () => {
      await using machine = await makeMachine();
      const { processorMs = 0, memoryBytes = 0 } = (await machine.usage()) ?? {};
      assert.ok(processorMs > 0 && memoryBytes > 1024 ** 2, `${processorMs} ms, ${memoryBytes} bytes`);
    });

    it('is another server’s from the moment that one adopts it, and goes on when the first ends', async () => {
      const machine = await makeMachine();
      machine.liveUntil(inAnHour());
      await using next = await open();
      await using adopted = await next.driver.adopt(JSON.parse(JSON.stringify(machine.record)));
      assert.ok(adopted);
      assert.equal((await machine.ended).cause, 'crashed');
      await machine[Symbol.asyncDispose]();
      assert.equal(await run(adopted, 'echo here'), 'here');
    });

    it('is ended by its name, whatever is understood of its record', async () => {
      await using machine = await makeMachine();
      machine.liveUntil(inAnHour());
      assert.equal(await driver.endNamed(`{"version":99,"id":"${machine.id}"}`), 1);
      assert.equal((await machine.ended).cause, 'crashed');
    });

    it('reaches the other machine of its sandbox, and nobody else', async () => {
      {
        using network = driver.network();
        await using group = new AsyncDisposableStack();
        const both = await Promise.all(['near', 'far'].map((role) => forkOf(pairTemplates.get(role), { network })));
        for (const machine of both) group.use(machine);
        const [near, far] = both;
        assert.ok(near && far);
        // Each is what it was frozen as, though both were in the same second.
        assert.deepEqual([await run(near, 'hostname'), await run(far, 'hostname')], ['near', 'far']);
        assert.match(await run(near, 'ping -c 2 -W 5 far'), / 0% packet loss/);
        assert.equal(await run(near, 'ip -o -4 route show default | wc -l'), '0');
      }
      while ((await volumes()).some((name) => name.startsWith('drydock-cable-'))) await new Promise(setImmediate);
      await assertNothingLeft();
    });

    it('lives through a short absence of its engine where that keeps containers, or is told to be over', async () => {
      await using machine = await makeMachine();
      machine.liveUntil(inAnHour());
      await engine.kill();
      assert.match((await driver.problem()) ?? '', /does not answer/);
      await assert.rejects(makeMachine(), { code: 'engine-unreachable' });
      await engine.start();
      // Without live-restore an engine that comes back ends the containers of the one before.
      assert.equal((await machine.ended).cause, 'crashed');
      await machine[Symbol.asyncDispose]();
      assert.equal(await driver.problem(), undefined);
      await using again = await makeMachine();
      assert.equal(await run(again, 'echo again'), 'again');
    });
  });
}
