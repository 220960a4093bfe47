import { join } from 'node:path';
import { ARTEFACT_KINDS, type ArtefactKind, type Artefacts } from '../../sandbox-server/images/artefacts.ts';
import { formatBytes } from '../cache/disk-use.ts';
import type { Wanted } from '../cache/wanted-artefacts.ts';
import { STAGES } from '../serve/preparation-steps.ts';
import { type Finding, good, note } from './finding.ts';

export interface Stored extends Wanted {
  /** On disk: a template's memory file is mostly holes. */
  readonly bytes: number;
  readonly state: 'complete' | 'damaged' | 'half-made';
}

export interface Inventory {
  readonly cache: string;
  readonly stored: readonly Stored[];
  /** What a start of this checkout uses. */
  readonly wanted: readonly Wanted[];
  /** Whether `wanted` has the templates too: they depend on QEMU and the accelerator, which may not be known yet. */
  readonly templatesKnown: boolean;
}

const NAMES: Readonly<Record<ArtefactKind, string>> = {
  images: 'image',
  templates: 'template',
  checkpoints: 'checkpoint',
};

export async function listStored(artefacts: Artefacts): Promise<Stored[]> {
  const all: Stored[] = [];
  for (const kind of ARTEFACT_KINDS) {
    for (const { key, bytes, whole } of await artefacts.list(kind)) {
      const intact = (await artefacts.has(kind, key)) ? 'complete' : 'damaged';
      all.push({ kind, key, bytes, state: whole ? intact : 'half-made' });
    }
  }
  return all;
}

export function judgeCache({ cache, stored, wanted, templatesKnown }: Inventory): Finding[] {
  const unknown = templatesKnown ? [] : stored.filter(({ kind }) => kind !== 'images');
  const unused = stored.filter((one) => !unknown.includes(one) && !wanted.some(({ key }) => key === one.key));
  return [
    ...wanted.filter(({ kind }) => kind !== 'checkpoints').map((one) => judgeWanted(one, stored)),
    ...judgeCheckpoints({ wanted, stored }),
    ...judgeUnused(cache, unused),
    ...(unknown.length === 0 ? [] : [note('templates', `${total(unknown)}. ${WHEN_KNOWN}`)]),
  ];
}

const WHEN_KNOWN = 'Which of them are current is known once QEMU, the image and every lab are in order.';

function judgeWanted({ kind, key }: Wanted, stored: readonly Stored[]): Finding {
  const found = stored.find((one) => one.key === key);
  const subject = NAMES[kind];
  if (found?.state === 'complete') return good(subject, `${key}: ${formatBytes(found.bytes)}, current`);
  const state = found === undefined ? 'not made yet' : 'damaged';
  return note(subject, `${key}: ${state}.`, '"npm start" makes it, once; its progress says how long that takes.');
}

/** Nobody need have made them: the first learner who asks for one waits a little. */
function judgeCheckpoints({ wanted, stored }: Pick<Inventory, 'wanted' | 'stored'>): Finding[] {
  const keys = new Set(wanted.filter(({ kind }) => kind === 'checkpoints').map(({ key }) => key));
  if (keys.size === 0) return [];
  const made = stored.filter(({ key, state }) => keys.has(key) && state === 'complete');
  const bytes = made.reduce((sum, one) => sum + one.bytes, 0);
  return [
    good('checkpoints', `${made.length} of ${keys.size} made, ${formatBytes(bytes)}; "npm run lab -- bake" makes all`),
  ];
}

function judgeUnused(cache: string, unused: readonly Stored[]): Finding[] {
  if (unused.length === 0) return [];
  const lines = unused.map(({ kind, key, bytes, state }) => {
    const size = formatBytes(bytes);
    return `  ${join(kind, key)} (${state === 'complete' ? size : `${size}, ${state}`})`;
  });
  return [
    note(
      'unused',
      `by this checkout as it is now: ${total(unused)}:\n${lines.join('\n')}`,
      `Another checkout may use them. If none does: "npm run clean -- --unused" deletes them, "npm run clean" everything in ${cache}.`,
    ),
  ];
}

function total(stored: readonly Stored[]): string {
  const bytes = stored.reduce((sum, one) => sum + one.bytes, 0);
  const counts = ARTEFACT_KINDS.map((kind) => count(stored.filter((one) => one.kind === kind).length, NAMES[kind]));
  return `${counts.filter((text) => text !== '').join(' and ')}, ${formatBytes(bytes)} on disk`;
}

function count(number: number, noun: string): string {
  if (number === 0) return '';
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** About, of a template of two machines; one of one takes half. */
const TEMPLATE_BYTES = 0.6 * 1024 ** 3;

/** What a start still has to make takes this much space, what it needs meanwhile included. */
export function bytesStillNeeded({ stored, wanted }: Inventory): number {
  const complete = new Set(stored.filter(({ state }) => state === 'complete').map(({ key }) => key));
  const missing = wanted.filter(({ kind, key }) => kind !== 'checkpoints' && !complete.has(key));
  if (missing.length === 0) return 0;
  const first = missing.some(({ kind }) => kind === 'images') ? STAGES.image : STAGES.base;
  return first.neededBytes + (missing.length - 1) * TEMPLATE_BYTES;
}
