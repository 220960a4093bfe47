import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import Docker from 'dockerode';
import { bringRunner, runnerImage } from '../machines/docker/bring-runner.ts';
import { MUX, RELAY } from '../machines/docker/container-commands.ts';
import { filesMount, ownVolume } from '../machines/docker/container-options.ts';
import { CONTAINER, FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { connectEngine } from '../machines/docker/engine/connect-engine.ts';
import { findEngine } from '../machines/docker/engine/find-engine.ts';
import { CANNOT_RUN_ENGINE, startOwnEngine } from '../machines/docker/engine/own-engine.ts';
import { EngineStore } from '../machines/docker/engine-store.ts';
import { listContainers, sweepLeftovers } from '../machines/docker/find-containers.ts';
import { openRelay } from '../machines/docker/relay.ts';
import { requireLimits } from '../machines/docker/require-limits.ts';
import { createContainer, removeContainer, startContainer } from '../machines/docker/run-container.ts';
import { SharedCable } from '../machines/docker/shared-cable.ts';
import { ACCELERATORS } from '../machines/qemu/accelerators.ts';
import { machineLimits } from '../machines/qemu/limits.ts';
import { driverOrder, SERVER } from '../testing/driver-orders.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { makeTinyRunner } from '../testing/tiny-runner.ts';
import { openGate } from './open-gate.ts';

const MAX_OVERLAY_BYTES = 3 * 1024 ** 3;
const MEMORY_MIB = 256;
const KEY = 'runner-fedcba9876543210';
const RUNNER = runnerImage(KEY);

/**
 * A real engine with somebody else's container on it, and a gate before it. The attacks are those that the lessons
 * teach, by the docker CLI, each tried at the engine itself, too: there it works.
 */
if (CANNOT_RUN_ENGINE) {
  it('a gate before an engine', { skip: CANNOT_RUN_ENGINE });
} else {
  const own = await startOwnEngine();
  const tiny = makeTinyRunner();
  const socket = join(own.folder, 'gate.sock');
  const engineSocket = join(own.folder, 'docker.sock');
  const gate = await openGate({
    ...{
      socket,
      engine: engineSocket,
      owner: 'drydock',
      runner: RUNNER,
      accelerator: 'tcg',
      maxContainers: 20,
      log: QUIET_LOG,
    },
    maxima: { machineMemoryMib: MEMORY_MIB, maxOverlayBytes: MAX_OVERLAY_BYTES },
  });
  const direct = new Docker({ socketPath: engineSocket, version: 'v1.41' });
  after(async () => {
    await gate[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
    rmSync(tiny, { recursive: true, force: true });
  });

  const cli = (host: string, args: readonly string[]) => {
    const env = { ...process.env, DOCKER_HOST: `unix://${host}`, DOCKER_CONFIG: join(tiny, 'config') };
    return new Promise<{ status: number; said: string }>((resolve) => {
      // Not waited for in a way that would keep the gate, which is in this process, from answering.
      execFile('docker', args, { env, timeout: 60_000 }, (error, stdout, stderr) =>
        resolve({ status: error ? 1 : 0, said: `${stdout}${stderr}` }),
      );
    });
  };
  const atTheEngine = (...args: string[]) => cli(engineSocket, args);
  const throughTheGate = (...args: string[]) => cli(socket, args);
  const sleeping = ['perl', '-e', 'sleep 60 while 1'];

  assert.equal((await atTheEngine('import', join(tiny, 'runner.tar'), 'tiny')).status, 0);
  const victim = await atTheEngine('run', '--detach', '--name', 'victim', '--network', 'none', 'tiny', ...sleeping);
  assert.equal(victim.status, 0, victim.said);
  const victimId = victim.said.trim();
  const engine = await connectEngine(await findEngine({ DOCKER_HOST: `unix://${socket}` }));

  const containers = async () => (await direct.listContainers({ all: true })).map(({ Id }) => Id);
  const volumes = async () => (await direct.listVolumes()).Volumes.map(({ Name }) => Name);

  describe('through the gate', () => {
    const print = ['perl', '-e', 'print -d "/host/proc" ? "host" : "none"'];
    const run = (...args: string[]) => ['run', '--rm', '--network', 'none', ...args];
    const attacks: Readonly<Record<string, string[]>> = {
      'the host’s disk': run('-v', '/:/host', 'tiny', ...print),
      'the host’s disk by --mount': run('--mount', 'type=bind,src=/,dst=/host', 'tiny', ...print),
      // Not every engine of a test may start one.
      'all rights': ['create', '--name', 'all-rights', '--privileged', 'tiny', 'perl', '-e', '1'],
      'the host’s processes': run('--pid', 'host', 'tiny', 'perl', '-e', 'exit !-d "/proc/1"'),
      'the engine’s socket': run(
        '-v',
        `${engineSocket}:/run/docker.sock`,
        'tiny',
        'perl',
        '-e',
        'exit !-S "/run/docker.sock"',
      ),
      'a capability': run('--cap-add', 'SYS_ADMIN', 'tiny', 'perl', '-e', '1'),
      'no filter': run('--security-opt', 'seccomp=unconfined', 'tiny', 'perl', '-e', '1'),
      'a device': run('--device', '/dev/null:/dev/sda', 'tiny', 'perl', '-e', '1'),
      'the network of the host': ['run', '--rm', '--network', 'host', 'tiny', 'perl', '-e', '1'],
      'the volumes of another': run('--volumes-from', 'victim', 'tiny', 'perl', '-e', '1'),
      'a plain container': run('tiny', 'perl', '-e', '1'),
      'a program in another’s container': ['exec', 'victim', 'perl', '-e', '1'],
      'the same, by its id': ['exec', victimId, 'perl', '-e', '1'],
      'the files of another': ['cp', 'victim:/usr/lib/drydock/mux.pl', '-'],
      'what another is made of': ['inspect', '--type', 'container', 'victim'],
      'what another has said': ['logs', 'victim'],
      'an image of another': ['commit', 'victim', 'copy'],
      'a volume that is the host’s disk': [
        'volume',
        'create',
        '-o',
        'type=none',
        '-o',
        'o=bind',
        '-o',
        'device=/',
        'root',
      ],
      'an archive as somebody’s image': ['import', join(tiny, 'runner.tar'), 'debian:12'],
      'an archive with instructions': [
        'import',
        '-c',
        'USER 0',
        join(tiny, 'runner.tar'),
        'drydock-runner:0123456789abcdef',
      ],
      'images in a pack': ['load', '-i', join(tiny, 'runner.tar')],
      'what the engine has': ['images'],
      'what happens there': ['events', '--since', '1h', '--until', '0s'],
      'another’s end': ['kill', 'victim'],
    };
    /** Last, and where they do not hurt. */
    const notAtTheEngine = ['another’s end', 'images in a pack'];

    for (const [what, args] of Object.entries(attacks)) {
      it(`nobody has ${what}`, async () => {
        const { status, said } = await throughTheGate(...args);
        assert.notEqual(status, 0, said);
        assert.match(said, /Refused by the gate/);
      });
    }

    for (const [what, args] of Object.entries(attacks).filter(([what]) => !notAtTheEngine.includes(what))) {
      it(`and at the engine itself everybody has ${what}`, async () => {
        const { status, said } = await atTheEngine(...args);
        assert.equal(status, 0, said);
        if (args === attacks['the host’s disk']) assert.equal(said, 'host');
      });
    }

    it('nobody sees who else is there', async () => {
      assert.match((await atTheEngine('ps', '--all')).said, /victim/);
      assert.doesNotMatch((await throughTheGate('ps', '--all')).said, /victim/);
      assert.doesNotMatch((await throughTheGate('info')).said, /Containers: [1-9]|Name: \w/);
    });

    it('nobody has more by asking nearly as the driver does', async () => {
      const order = { ...driverOrder('helper'), Image: RUNNER };
      const bad = { ...order, HostConfig: { ...order.HostConfig, Privileged: true, Binds: ['/:/host'] } };
      await assert.rejects(engine.docker.createContainer(bad), { statusCode: 403 });
    });

    it('all that was tried has left nothing, and the other’s container runs', async () => {
      await direct.getContainer('all-rights').remove();
      assert.deepEqual(await containers(), [victimId]);
      assert.equal((await direct.getContainer(victimId).inspect()).State.Running, true);
    });
  });

  it('the driver finds its image, runs its helpers, starts a machine’s container, speaks to its mux and removes it', async () => {
    const facts = await requireLimits(engine);
    const built = { key: KEY, archive: join(tiny, 'runner.tar'), qemuVersion: '' };
    // As "npm run deploy" does; through the gate nobody can.
    await assert.rejects(bringRunner(engine, built, undefined), {
      code: 'engine-image-missing',
      message: /npm run deploy/,
    });
    assert.equal((await atTheEngine('import', built.archive, RUNNER)).status, 0);
    const runner = await bringRunner(engine, built, undefined);
    assert.equal((await throughTheGate('import', built.archive, RUNNER)).status, 1);
    const accelerator = ACCELERATORS.tcg;
    const context = { engine, runner, owner: SERVER, accelerator, groups: [], processors: facts.processors };
    const store = new EngineStore(context);
    await engine.docker.createVolume({ Name: FILES_VOLUME, Labels: { [LABELS.kind]: 'files' } });
    await store.sweep();
    const cable = new SharedCable(engine, SERVER);
    const end = await cable.plugIn();
    const container = await createContainer(context, {
      ...{ kind: 'machine', command: MUX, accelerator, user: 1_900_000_001, labels: { [LABELS.machine]: 'a-1' } },
      mounts: [filesMount({ isWritable: false }), ownVolume(CONTAINER.disk, SERVER), end.mount],
      limits: machineLimits({ accelerator, memoryMib: MEMORY_MIB, maxFileBytes: MAX_OVERLAY_BYTES }),
    });
    await startContainer(context, container);
    const { Config, HostConfig } = await direct.getContainer(container.id).inspect();
    assert.equal(Config.Labels[LABELS.owner], 'drydock', 'the gate says whose it is');
    assert.deepEqual([HostConfig.CapDrop, HostConfig.NetworkMode, HostConfig.Privileged], [['ALL'], 'none', false]);
    const relay = await openRelay(container);
    relay.write('there and back');
    assert.equal(String((await once(relay, 'data'))[0]), 'there and back');
    relay.end();
    await once(relay, 'end');
    assert.match((await throughTheGate('exec', container.id, ...RELAY, 'x')).said, /Refused by the gate/);
    const found = await listContainers({ engine, owner: SERVER });
    assert.deepEqual(
      found.map(({ Id }) => Id),
      [container.id],
    );
    await removeContainer(container);
    cable[Symbol.dispose]();
    await sweepLeftovers({ engine, owner: SERVER });
    while ((await volumes()).includes(cable.volume)) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await containers(), [victimId]);
    assert.deepEqual(
      (await volumes()).filter((name) => name !== 'root'),
      [FILES_VOLUME],
    );
  });
}
