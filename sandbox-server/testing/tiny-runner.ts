import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const STORE = join(import.meta.dirname, '../machines/docker/runner/store.pl');
/** A mux without a machine. */
const MUX = 'sleep 60 while 1;\n';
const RELAY = '$| = 1; print while sysread STDIN, $_, 4096;\n';
/** Debian's: what perl needs that it is not linked with. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/perl-base';

/** The archive of an image that looks to the driver like the one that machines run in: this computer's perl, and no QEMU. */
export function makeTinyRunner(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dd-tiny-'));
  const root = join(folder, 'root');
  const linked = execFileSync('ldd', ['/usr/bin/perl'], { encoding: 'utf8' });
  const libraries = [...linked.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
  for (const path of ['/usr/bin/perl', LIBRARY, ...libraries]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    cpSync(path, join(root, path), { recursive: true, dereference: true });
  }
  const programs = join(root, 'usr/lib/drydock');
  mkdirSync(programs, { recursive: true });
  for (const [name, text] of [
    ['mux.pl', MUX],
    ['relay.pl', RELAY],
    ['store.pl', readFileSync(STORE, 'utf8')],
  ] as const) {
    writeFileSync(join(programs, name), text);
  }
  for (const name of ['files', 'disk', 'draft', 'cable', 'run/machine', 'tmp']) {
    mkdirSync(join(root, name), { recursive: true });
    chmodSync(join(root, name), 0o777);
  }
  execFileSync('tar', [
    '--create',
    '--owner=0',
    '--group=0',
    '--directory',
    root,
    '--file',
    join(folder, 'runner.tar'),
    '.',
  ]);
  return folder;
}
