import { chmod, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DISK_BYTES } from '../machines/driver.ts';
import { debianMirror } from './apt-mirror.ts';
import { filesOf, type Recipe, scriptsOf } from './recipe.ts';
import { run } from './run-builder.ts';

export interface BuildOptions {
  readonly recipe: Recipe;
  readonly agentFolder: string;
  /** Empty; gets disk.raw, vmlinuz, vmlinuz-header, initrd and packages (name and version of each). */
  readonly folder: string;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Where mmdebstrap's hooks write the disk: a descriptor, because in its user namespace no path of ours is writable. */
const DISK_FD = 3;
const HEADER_BYTES = 64 * 1024;

/** Debian packages → one ext4 file and its kernel. Needs root, or user namespaces (mmdebstrap chooses). */
export async function buildImage(options: BuildOptions): Promise<void> {
  const disk = join(options.folder, 'disk.raw');
  await using file = await open(disk, 'w+', 0o666);
  await chmod(disk, 0o666);
  await truncate(disk, DISK_BYTES);
  const args = [...packageArguments(options.recipe), ...(await hookArguments(options))];
  const mirror = await debianMirror();
  const target = [options.recipe.suite, '/dev/null', ...(mirror ? [mirror] : [])];
  await run('mmdebstrap', [...args, ...target], { ...options, diskFd: file.fd });
  await dump(options, '/boot/vmlinuz', 'vmlinuz');
  await dump(options, '/boot/initrd', 'initrd');
  await dump(options, '/etc/drydock/packages', 'packages');
  await checkPins(options);
  await copyHeader(join(options.folder, 'vmlinuz'), join(options.folder, 'vmlinuz-header'));
  for (const name of ['disk.raw', 'vmlinuz', 'vmlinuz-header', 'initrd', 'packages'])
    await chmod(join(options.folder, name), 0o444);
}

function packageArguments({ packages }: Recipe): string[] {
  // Translations, manuals and documents nobody reads here cost half of the time and disk; licences stay.
  const excluded = ['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/doc/*', '/usr/share/info/*'];
  return [
    ...['--variant=apt', '--format=null', `--include=${packages.join(',')}`],
    '--aptopt=Acquire::Languages "none"',
    ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  ];
}

/** What an image adds to the one that it is from comes after it. */
async function hookArguments({ recipe, agentFolder }: BuildOptions): Promise<string[]> {
  const files = await filesOf(recipe);
  const hooks = [
    ...files.map((paths) => `copy-in ${paths.join(' ')} /`),
    'mkdir -p "$1/usr/lib/drydock"',
    `copy-in ${agentFolder} /usr/lib/drydock`,
    ...(await scriptsOf(recipe, 'customize.sh')),
    'dpkg-query --admindir="$1/var/lib/dpkg" --show > "$1/etc/drydock/packages"',
    // A bind mount of the root on itself leaves out /proc and whatever else is mounted in it. No journal: a machine
    // that crashes is never started again.
    `mount --bind "$1" "$1/mnt" && mkfs.ext4 -q -F -O ^has_journal -m 0 -d "$1/mnt" /proc/self/fd/${DISK_FD} && umount "$1/mnt"`,
  ];
  return hooks.map((hook) => `--customize-hook=${hook}`);
}

/** Reads a file out of the image without mounting it. */
async function dump({ folder, signal }: BuildOptions, from: string, to: string): Promise<void> {
  const request = `dump ${from} ${join(folder, to)}`;
  await run('debugfs', ['-R', request, join(folder, 'disk.raw')], { onProgress: () => {}, ...(signal && { signal }) });
}

/**
 * A fork is already past its kernel, but QEMU insists on one to lay out the same machine, and keeps all it reads in
 * memory: the first part of the file will do.
 */
async function copyHeader(kernel: string, header: string): Promise<void> {
  await using source = await open(kernel, 'r');
  const { buffer, bytesRead } = await source.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  await writeFile(header, buffer.subarray(0, bytesRead));
}

async function checkPins({ recipe, folder }: BuildOptions): Promise<void> {
  const manifest = await readFile(join(folder, 'packages'), 'utf8');
  const found = new Map(manifest.split('\n').map((line) => line.split('\t') as [string, string]));
  for (const [name, pinned] of Object.entries(recipe.pins)) {
    const version = found.get(name) ?? 'nothing';
    if (version.startsWith(pinned)) continue;
    throw new Error(
      `The mirror has ${name} ${version}, but the lessons were written for ${pinned}. Run npm run lab -- test, ` +
        `correct what is no longer true, then change "pins" in labs/images/${recipe.image}/image.yaml, or in that of what it is from.`,
    );
  }
}
