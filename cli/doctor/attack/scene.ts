import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MACHINE_UIDS } from '../../../sandbox-server/machines/local/jail.ts';
import type { SpawnJailedOptions } from '../../../sandbox-server/machines/local/spawn-jailed.ts';
import { ACCELERATORS } from '../../../sandbox-server/machines/qemu/accelerators.ts';
import { type MachineSize, machineLimits, NICENESS } from '../../../sandbox-server/machines/qemu/limits.ts';
import { INSIDE } from '../../../sandbox-server/machines/qemu/mounts.ts';
import { ownAddress } from './own-network.ts';

/** Everything that a probe is after, made for the occasion, and the jail of a machine like any other. */
export interface Scene extends AsyncDisposable {
  readonly jail: SpawnJailedOptions['jail'];
  /** What the probe is given in the jail, where a machine's own files have other paths. */
  readonly inside: Readonly<Record<string, string | number>>;
  readonly outside: Readonly<Record<string, string | number>>;
}

export interface SceneOptions {
  readonly asRoot: boolean;
  /** As machines of this host have it. */
  readonly size: MachineSize;
}

/** The last of the reserved host users: running machines have the first. */
const LAST_UID = MACHINE_UIDS.first + MACHINE_UIDS.count - 1;
const UIDS = { probe: LAST_UID - 1, neighbour: LAST_UID - 2 };
/** Present wherever QEMU is. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/libc.so.6';

export async function setScene({ asRoot, size }: SceneOptions): Promise<Scene> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'drydock-attack-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o711);
  const paths = await makeFiles(folder, { asRoot, size });
  for (const path of [join(paths.neighbour, 'control.sock'), paths.daemon]) undo.use(await listen({ path }));
  await chmod(paths.daemon, 0o666);
  const abstract = `drydock-attack-${process.pid}`;
  undo.use(await listen({ path: `\0${abstract}` }));
  const host = ownAddress();
  const port = await listenEverywhere(undo, host);
  const victim = undo.adopt(spawn('sleep', ['600'], { stdio: 'ignore' }), end);
  const limits = machineLimits(size);
  const common = {
    ...{ neighbour: paths.neighbour, store: paths.store, daemon: paths.daemon, library: LIBRARY },
    ...{ victim: victim.pid ?? 0, port, host, abstract },
    ...{ 'memory-bytes': limits.addressSpaceBytes, 'file-bytes': limits.fileBytes },
    ...{ 'open-files': limits.openFiles, threads: limits.threads },
  };
  const jail = {
    readable: { [INSIDE.template]: paths.template, [INSIDE.image]: paths.image },
    writable: { [INSIDE.run]: paths.run },
    accelerator: ACCELERATORS.tcg,
    uid: asRoot ? UIDS.probe : null,
    niceness: NICENESS.machine,
    limits,
  };
  const taken = undo.move();
  return {
    jail,
    inside: {
      ...common,
      template: INSIDE.template,
      image: INSIDE.image,
      run: INSIDE.run,
      disk: `${INSIDE.run}/disk`,
      mount: '/tmp',
    },
    outside: {
      ...common,
      template: paths.template,
      image: paths.image,
      run: paths.run,
      disk: join(paths.run, 'disk'),
      mount: paths.mount,
    },
    [Symbol.asyncDispose]: () => taken.disposeAsync(),
  };
}

/** With owners and modes as the real ones have. */
async function makeFiles(folder: string, { asRoot }: SceneOptions) {
  const paths = {
    ...{ neighbour: join(folder, 'neighbour'), run: join(folder, 'run'), mount: join(folder, 'mount') },
    ...{ template: join(folder, 'template'), image: join(folder, 'image') },
    ...{ store: join(folder, 'store.sqlite'), daemon: join(folder, 'daemon.sock') },
  };
  for (const path of [paths.neighbour, paths.run]) await mkdir(path, { mode: 0o700 });
  for (const path of [paths.template, paths.image, paths.mount]) await mkdir(path, { mode: 0o755 });
  await writeFile(join(paths.neighbour, 'secret'), 'secret', { mode: 0o600 });
  await writeFile(join(paths.template, 'memory'), 'memory', { mode: 0o444 });
  await writeFile(join(paths.image, 'vmlinuz'), 'kernel', { mode: 0o444 });
  await writeFile(paths.store, 'learners', { mode: 0o600 });
  const disk = join(paths.run, 'disk');
  await writeFile(disk, '', { mode: 0o600 });
  await truncate(disk, 1);
  if (asRoot) {
    for (const path of [paths.neighbour, join(paths.neighbour, 'secret')])
      await chown(path, UIDS.neighbour, UIDS.neighbour);
    for (const path of [paths.run, disk]) await chown(path, UIDS.probe, UIDS.probe);
  }
  return paths;
}

/** One port, by TCP and UDP on the loopback and by TCP on the computer's own address. */
async function listenEverywhere(undo: AsyncDisposableStack, host: string): Promise<number> {
  const loopback = undo.use(await listen({ host: '127.0.0.1', port: 0 }));
  const address = loopback.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  if (host !== '127.0.0.1') undo.use(await listen({ host, port }));
  const datagrams = undo.adopt(createSocket('udp4'), (socket) => void socket.close());
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  return port;
}

/** Whoever connects is let go. */
async function listen(options: ListenOptions): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen(options);
  await once(server, 'listening');
  return server;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'close');
}
