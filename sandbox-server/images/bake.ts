import { readFile } from 'node:fs/promises';
import type { LabMachine } from '../../labs/format/lab.ts';
import type { Baker, DraftMachine, ImageRef, MachineTerminal, TemplateRef } from '../machines/driver.ts';
import { FORGET_PEERS, joinNetwork, macOf, type Networked } from './join-network.ts';

export interface BakeOptions {
  readonly baker: Baker;
  /** Empty folder of the template in the making. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

const BOOT_TIMEOUT_MS = 10 * 60_000;
const PREPARE_TIMEOUT_MS = 10 * 60_000;
const PROMPT_TIMEOUT_MS = 2 * 60_000;
/** The end of a prompt (OSC 133;B), as prompt.sh prints it. */
const PROMPT_MARK = '\x1b]133;B';

/** Boots an image and freezes it with everything started that a learner needs. */
export async function bakeBase(image: ImageRef, prepareFiles: readonly string[], options: BakeOptions): Promise<void> {
  const deadline = AbortSignal.timeout(BOOT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  await using draft = await options.baker.boot(image, { folder: options.folder, signal });
  for (const file of prepareFiles) await prepare(draft, await readFile(file, 'utf8'), 'the image', signal);
  await prepare(draft, FORGET, 'the image', signal);
  await draft.freeze(signal);
}

export interface LabBakeOptions extends Pick<BakeOptions, 'baker' | 'signal'> {
  /** Empty folder of a machine's template in the making. */
  readonly folderOf: (machine: LabMachine) => Promise<string>;
}

/**
 * Forks of the base, set up as the machines of a lab, their shells at their prompts, frozen again. All of them run until
 * the last one is ready, so that a `setup.sh` finds the machines above its own ready on the network.
 */
export async function bakeLab(base: TemplateRef, machines: readonly LabMachine[], options: LabBakeOptions) {
  const { baker, folderOf, signal } = options;
  const stop = signal && { signal };
  using network = baker.network();
  await using group = new AsyncDisposableStack();
  const peers = machines.filter(isNetworked);
  const drafts: (readonly [LabMachine, DraftMachine])[] = [];
  for (const machine of machines) {
    const card = isNetworked(machine) && { network, mac: macOf(machine.address) };
    const draft = group.use(await baker.thaw(base, { folder: await folderOf(machine), ...card, ...stop }));
    await prepare(draft, nameMachine(machine.hostname), `machine ${machine.role}`, signal);
    if (isNetworked(machine)) await prepare(draft, joinNetwork(machine, peers), `machine ${machine.role}`, signal);
    drafts.push([machine, draft]);
  }
  for (const [machine, draft] of drafts) await prepare(draft, machine.setup, `machine ${machine.role}`, signal);
  for (const [{ role, terminals }, draft] of drafts) {
    for (const terminal of terminals) await promptShown(await draft.openTerminal(terminal), signal);
    await prepare(draft, `${WARM}; ${FORGET_PEERS}`, `machine ${role}`, signal);
  }
  await Promise.all(drafts.map(([, draft]) => draft.freeze(signal)));
}

const isNetworked = (machine: LabMachine): machine is Networked => machine.address !== undefined;

// What is free is filled with zeros, which take no room in the template's file.
const ZERO_FREE_MEMORY = `
  sync
  python3 - <<'PYTHON'
import mmap
free = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemFree"))
size = (free - 16 * 1024) * 1024
if size > 0:
    memory = mmap.mmap(-1, size)
    for offset in range(0, size, mmap.PAGESIZE):
        memory[offset] = 0
PYTHON
`;
// Pages of files nobody needs again would only make the template larger.
const FORGET = `
  sync; echo 3 > /proc/sys/vm/drop_caches
  python3 - <<'PYTHON'
import mmap
available = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemAvailable"))
size = (available - 32 * 1024) * 1024
memory = mmap.mmap(-1, size)
for offset in range(0, size, mmap.PAGESIZE):
    memory[offset] = 0
PYTHON
  docker ps >/dev/null
`;
const WARM =
  'docker ps >/dev/null; bash -c true; curl --silent --unix-socket /run/docker.sock http://docker/_ping; sync';

function nameMachine(hostname: string): string {
  return `
    echo ${hostname} > /etc/hostname
    hostname ${hostname}
    sed -i 's/^127.0.0.1 .*/127.0.0.1 localhost ${hostname}/' /etc/hosts
  `;
}

/**
 * Before a machine in which people worked is frozen. Its caches stay warm, and nothing is started: what a step switched
 * off stays off.
 */
export function rest(draft: DraftMachine, name: string, signal: AbortSignal): Promise<void> {
  return prepare(draft, `${FORGET_PEERS}\n${ZERO_FREE_MEMORY}`, name, signal);
}

async function prepare(draft: DraftMachine, script: string, name: string, signal?: AbortSignal): Promise<void> {
  const result = await draft.run({ script, timeoutMs: PREPARE_TIMEOUT_MS, ...(signal && { signal }) });
  if (result.status === 0) return;
  const ending = result.timedOut ? 'did not end in time' : `ended with ${result.status}`;
  throw new Error(`Preparing ${name} ${ending}:\n${(result.stdout + result.stderr).trim() || '(it printed nothing)'}`);
}

/** Nothing is acknowledged, so every fork shows what was printed here. */
function promptShown(terminal: MachineTerminal, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { id, user } = terminal;
  let seen = '';
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const overdue = setTimeout(() => {
    const likely = `Does setup.sh make the user ${user}, with bash as login shell and without a .bashrc that sets PS1?`;
    reject(new Error(`Terminal ${id} shows no prompt. ${likely} It has shown:\n${seen.trim() || '(nothing)'}`));
  }, PROMPT_TIMEOUT_MS);
  terminal.listen({
    output: (_offset, bytes) => {
      seen += Buffer.from(bytes).toString();
      if (seen.includes(PROMPT_MARK)) resolve();
    },
    inputApplied: () => {},
    status: (status) => {
      if (status === 'closed') reject(new Error(`The shell of ${user} ended at once:\n${seen}`));
    },
  });
  return promise.finally(() => {
    clearTimeout(overdue);
    signal?.removeEventListener('abort', abort);
  });
}
