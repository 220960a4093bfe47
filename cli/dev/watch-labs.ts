import { basename, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { isEditorsOwn } from '../../labs/format/editor-files.ts';

/** Editors save in several strokes: write, rename over, touch. What comes within this is one change. */
const SETTLE_MS = 100;
/** Folders of labs/ that are not labs. The kit stands in front of every script of every lab. */
const SHARED = ['kit'];
/** Of these the server is made, and is started again. */
const NOT_LABS = ['format', 'images'];

export interface WatchLabsOptions {
  readonly folder: string;
  /** Ids of the labs whose files have changed; null for all of them. */
  onChange(ids: readonly string[] | null): void;
}

/** Watches the files of labs until it is disposed. Resolves when it does. */
export async function watchLabs({ folder, onChange }: WatchLabsOptions): Promise<AsyncDisposable> {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    const names = [...changed];
    changed.clear();
    onChange(names.some((name) => SHARED.includes(name)) ? null : names);
  };
  const ignored = (path: string) => {
    const [top = ''] = relative(folder, path).split(sep);
    return NOT_LABS.includes(top) || isEditorsOwn(basename(path));
  };
  const watcher = watch(folder, { ignoreInitial: true, ignored });
  watcher.on('all', (_event, path) => {
    const [top] = relative(folder, path).split(sep);
    if (top === undefined || top === '') return;
    changed.add(top);
    clearTimeout(timer);
    timer = setTimeout(tell, SETTLE_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    [Symbol.asyncDispose]: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
