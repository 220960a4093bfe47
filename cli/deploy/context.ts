import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** What a server needs of a checkout: the site as built, and what its hash is of. */
const PARTS = ['cli', 'content', 'dist', 'labs', 'protocol', 'public', 'sandbox-server', 'src', 'node_modules'];
const FILES = [
  'astro.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'LICENSE',
];

/** Arguments for tar: Dockerfile and project, without what only developers need. */
export function contextArguments(project: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as Lockfile;
  const onlyForDevelopers = Object.keys(packages).filter((path) => packages[path]?.dev);
  return [
    ...['--directory', project, '--owner=0', '--group=0', '--mode=a+rX', '--anchored'],
    ...['node_modules/.cache', 'node_modules/.bin', ...onlyForDevelopers].map((path) => `--exclude=${path}`),
    ...['deploy/Dockerfile', ...PARTS, ...FILES],
  ];
}
