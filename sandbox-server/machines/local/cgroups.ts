import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Limits } from '../qemu/limits.ts';

/** Where cgroup v2 is mounted and where the kernel says in which group this process is; tests have files of their own. */
export interface CgroupFiles {
  readonly mount: string;
  readonly self: string;
}

const HOST_FILES: CgroupFiles = { mount: '/sys/fs/cgroup', self: '/proc/self/cgroup' };
/** What the unit calls the group of the server itself (DelegateSubgroup): a group with groups in it holds no process. */
export const SERVER_GROUP = 'server';
const MACHINES_GROUP = 'machines';
const CONTROLLERS = ['cpu', 'memory', 'pids'];
/** bubblewrap is two processes beside the machine's threads. */
const PIDS_BESIDE_THREADS = 4;

/** What a machine's group is given; the same bounds as without one, now for all of its processes and its cache together. */
export const groupSettings = ({ addressSpaceBytes, threads }: Limits): Readonly<Record<string, string>> => ({
  'memory.max': String(addressSpaceBytes),
  // From here on it is slowed down and its cache taken, before it is ended.
  'memory.high': String(addressSpaceBytes - addressSpaceBytes / 8),
  'memory.oom.group': '1',
  'pids.max': String(threads + PIDS_BESIDE_THREADS),
  // The server's group has 100, as every group.
  'cpu.weight': '10',
});

/**
 * A control group per machine, on top of the limits that hold everywhere, where systemd has handed this process a part of
 * the tree: docs/deploying.md has a unit that does.
 */
export class Cgroups {
  /** The folder of machines' groups. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Null where this process has no part of the tree, or one without the controllers that are needed. */
  static async open(files: CgroupFiles = HOST_FILES): Promise<Cgroups | null> {
    const delegated = await findDelegated(files);
    if (delegated === null) return null;
    const cgroups = new Cgroups(join(delegated, MACHINES_GROUP));
    try {
      await enableControllers(delegated);
      await mkdir(cgroups.folder, { recursive: true });
      await enableControllers(cgroups.folder);
    } catch {
      return null;
    }
    await cgroups.#sweep();
    return cgroups;
  }

  /** Makes a group with its limits; whoever writes its process id into `cgroup.procs` is in it. */
  async make(id: string, limits: Limits): Promise<string> {
    const group = join(this.folder, id);
    await mkdir(group, { recursive: true });
    for (const [name, value] of Object.entries(groupSettings(limits))) await writeFile(join(group, name), value);
    return group;
  }

  /** When its last process is gone. */
  async remove(id: string): Promise<void> {
    await rmdir(join(this.folder, id)).catch(() => {});
  }

  /** Groups of machines that are over. The kernel refuses to remove those of machines that run. */
  async #sweep(): Promise<void> {
    const entries = await readdir(this.folder, { withFileTypes: true });
    for (const entry of entries.filter((one) => one.isDirectory())) await this.remove(entry.name);
  }
}

/** The part of the tree above the server's own group; null where there is none, or it is not this user's. */
export async function findDelegated({ mount, self }: CgroupFiles = HOST_FILES): Promise<string | null> {
  const own = /^0::(\/.+)$/m.exec(await readFile(self, 'utf8').catch(() => ''))?.[1];
  if (own === undefined || basename(own) !== SERVER_GROUP) return null;
  const group = join(mount, dirname(own));
  try {
    await access(join(group, 'cgroup.subtree_control'), constants.W_OK);
    const controllers = (await readFile(join(group, 'cgroup.controllers'), 'utf8')).trim().split(' ');
    return CONTROLLERS.every((name) => controllers.includes(name)) ? group : null;
  } catch {
    return null;
  }
}

const enableControllers = (group: string): Promise<void> =>
  writeFile(join(group, 'cgroup.subtree_control'), CONTROLLERS.map((name) => `+${name}`).join(' '));
