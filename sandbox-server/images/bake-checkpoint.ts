import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, LabStep } from '../../labs/format/lab.ts';
import { ask, type Outcome } from '../checks/ask.ts';
import { makeSecrets, type Secrets } from '../checks/secrets.ts';
import { Typists } from '../checks/typists.ts';
import type { Baker, DraftMachine, Network } from '../machines/driver.ts';
import type { TemplateRefs } from '../machines/templates.ts';
import { rest } from './bake.ts';

export interface CheckpointBakeOptions {
  readonly lab: Lab;
  /** Where to begin: the lab's own templates, or an earlier checkpoint. */
  readonly from: TemplateRefs;
  /** Solved from there, in this order. */
  readonly steps: readonly LabStep[];
  readonly baker: Baker;
  /** Empty folder; gets one per machine role. */
  readonly folder: string;
  readonly onSolved: (step: LabStep, ms: number) => void;
  readonly signal: AbortSignal;
}

const CHECK_TIMEOUT_MS = 60_000;
/** Processes of a login take a moment to end after it; a check may be asked again that long. */
const SETTLE_MS = 20_000;

/**
 * Types solutions as a person would, in thawed machines with secrets that nobody will have, and freezes them again.
 * Every step's checks must hold when it is solved: a checkpoint at which they do not would be a lie.
 */
export async function bakeCheckpoint(options: CheckpointBakeOptions): Promise<void> {
  const { lab, steps, onSolved } = options;
  const secrets = makeSecrets(lab.machines);
  using network = options.baker.network();
  await using thawed = new AsyncDisposableStack();
  const drafts = new Map<string, DraftMachine>();
  for (const { role } of lab.machines) drafts.set(role, thawed.use(await thaw(role, { ...options, secrets, network })));
  const signal = AbortSignal.any([options.signal, anyEnd(drafts)]);
  const typists = new Typists(
    lab.id,
    [...drafts.values()].flatMap(({ terminals }) => terminals),
  );
  for (const step of steps) {
    const startedAt = performance.now();
    for (const line of step.solution) await typists.type(line, signal);
    await verify(step, { lab, drafts, secrets, signal });
    onSolved(step, performance.now() - startedAt);
  }
  await typists.leavePrompts(signal);
  for (const [role, draft] of drafts) await rest(draft, `machine ${role}`, signal);
  // A freeze ends its draft itself.
  await Promise.all([...drafts.values()].map((draft) => draft.freeze(options.signal)));
}

/** A terminal of a machine that is gone says nothing any more: whoever waits for it would wait its deadline out. */
function anyEnd(drafts: ReadonlyMap<string, DraftMachine>): AbortSignal {
  const over = new AbortController();
  for (const [role, { ended }] of drafts) {
    void ended.then((end) => {
      const why = 'detail' in end ? `${end.cause}: ${end.detail}` : end.cause;
      over.abort(new Error(`Machine ${role} ended (${why}) while solutions were typed in it. Ask again.`));
    });
  }
  return over.signal;
}

interface ThawOptions extends CheckpointBakeOptions {
  readonly secrets: Secrets;
  readonly network: Network;
}

async function thaw(role: string, options: ThawOptions): Promise<DraftMachine> {
  const { secrets, network, signal } = options;
  const template = options.from.get(role);
  if (template === undefined) throw new Error(`Lab ${options.lab.id} has no template for its machine "${role}".`);
  const folder = join(options.folder, role);
  await mkdir(folder, { mode: 0o755 });
  return options.baker.thaw(template, { folder, files: secrets.filesByRole.get(role) ?? [], network, signal });
}

interface Scene {
  readonly lab: Lab;
  readonly drafts: ReadonlyMap<string, DraftMachine>;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

async function verify(step: LabStep, { lab, drafts, secrets, signal }: Scene): Promise<void> {
  const run: Parameters<typeof ask>[1]['run'] = async (role, request) => {
    const draft = drafts.get(role);
    if (draft === undefined) throw new Error(`Lab ${lab.id} has no machine "${role}".`);
    return draft.run(request);
  };
  const options = { kit: lab.kit, secrets: secrets.contents, timeoutMs: CHECK_TIMEOUT_MS, signal, run };
  for (const check of step.checks) {
    const deadline = performance.now() + SETTLE_MS;
    let outcome = await ask(check, options);
    while (outcome.status === 'failed' && performance.now() < deadline) outcome = await ask(check, options);
    if (outcome.status !== 'passed') throw new Error(`${unproven(lab, step, check.id)} it ${describe(outcome)}.`);
  }
}

const unproven = (lab: Lab, step: LabStep, check: string): string =>
  `The solution of ${lab.id}'s step ${step.id} was typed, and its check ${check} does not hold:`;

function describe(outcome: Exclude<Outcome, { status: 'passed' }>): string {
  if (outcome.status === 'errored') return `could not be asked (${outcome.detail})`;
  return `answers "${outcome.answer.message}"`;
}
