import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile } from '../../sandbox-server/lock-file.ts';
import { runCommand } from '../preflight/command.mjs';
import { Stop } from '../preflight/stop.mjs';
import { hashSiteInputs } from './site-inputs.ts';

export interface SiteOptions {
  /** Folder of package.json; the site ends up in its `dist/`. */
  readonly project: string;
  readonly report: (detail: string) => void;
  /** Fills the folder; a parameter so that tests need no Astro. */
  readonly build?: (project: string, folder: string, report: (detail: string) => void) => Promise<void>;
}

/** Written last, in the folder it speaks for: which inputs the site was built from. */
const STAMP = '.built-from';
const DRAFT_PREFIX = 'site-';

/**
 * Builds the site unless `dist/` is what would come out. It is built beside and then put in place, so an interrupted
 * build changes nothing; and by one at a time, so that nobody's site is taken away under their hands.
 */
export async function buildSite({ project, report, build = runAstro }: SiteOptions): Promise<'built' | 'unchanged'> {
  const inputs = hashSiteInputs(project);
  const dist = join(project, 'dist');
  if (readStamp(dist) === inputs) return 'unchanged';
  const drafts = join(project, 'node_modules/.cache/drydock');
  await mkdir(drafts, { recursive: true });
  await using _lock = await lockFile(`${drafts}-site.lock`);
  if (readStamp(dist) === inputs) return 'unchanged';
  await removeAbandoned(drafts);
  const draft = join(drafts, `${DRAFT_PREFIX}${process.pid}`);
  await mkdir(draft, { recursive: true });
  try {
    await build(project, draft, report);
    await writeFile(join(draft, STAMP), inputs);
    await rm(dist, { recursive: true, force: true });
    await rename(draft, dist);
    return 'built';
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Whether the next buildSite() has nothing to do. */
export function isSiteBuilt(project: string): boolean {
  return readStamp(join(project, 'dist')) === hashSiteInputs(project);
}

function readStamp(dist: string): string | undefined {
  try {
    return readFileSync(join(dist, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}

/** Drafts whose maker is gone. */
async function removeAbandoned(drafts: string): Promise<void> {
  for (const name of readdirSync(drafts)) {
    const maker = name.startsWith(DRAFT_PREFIX) ? name.slice(DRAFT_PREFIX.length) : '';
    if (maker !== '' && !existsSync(`/proc/${maker}`)) await rm(join(drafts, name), { recursive: true });
  }
}

async function runAstro(project: string, folder: string, report: (detail: string) => void): Promise<void> {
  const astro = join(project, 'node_modules/astro/bin/astro.mjs');
  const { status, output } = await runCommand([process.execPath, astro, 'build', '--outDir', folder], {
    cwd: project,
    env: { ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NO_COLOR: '1' },
    onLine: report,
  });
  if (status === 0) return;
  throw new Stop({
    what: `The site could not be built:\n\n${output.trim()}\n`,
    fix: 'Mend the file that it names and run the same command again.',
  });
}
