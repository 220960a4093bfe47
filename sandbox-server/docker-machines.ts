import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../labs/format/lab.ts';
import type { Config } from './config.ts';
import { DrydockError } from './errors.ts';
import { Artefacts } from './images/artefacts.ts';
import { ensureRunner } from './images/build-runner.ts';
import { ensureImage, LocalTemplates, type TemplatesOptions } from './images/templates.ts';
import { AGENT_FOLDER, FIRST_IMAGE, IMAGES_FOLDER, MAX_OVERLAY_BYTES } from './local-machines.ts';
import { bringRunner } from './machines/docker/bring-runner.ts';
import { chooseAccelerator } from './machines/docker/choose-accelerator.ts';
import { DockerDriver } from './machines/docker/docker-driver.ts';
import { connectEngine, type Engine } from './machines/docker/engine/connect-engine.ts';
import { showAddress } from './machines/docker/engine/engine-address.ts';
import { type FoundEngine, findEngines } from './machines/docker/engine/find-engine.ts';
import type { DeliveringDriver, EngineDriver } from './machines/docker/engine-seat.ts';
import { SeveralEngines } from './machines/docker/several-engines.ts';
import { ACCELERATORS, type Accelerator, type AcceleratorName } from './machines/qemu/accelerators.ts';
import type { TemplateRefs, Templates } from './machines/templates.ts';
import { resolvePaths } from './paths.ts';

export interface DockerMachinesOptions {
  /** Says where cache, state and the engine are. */
  readonly env: NodeJS.ProcessEnv;
  readonly config: Pick<Config, 'machineMemoryMib' | 'accelerator' | 'checkpointBytes'>;
  /** Default: tells nobody. */
  readonly onPrepare?: TemplatesOptions['onPrepare'];
  readonly signal?: AbortSignal;
  /** Told, for an operator, when one of several engines is left out and when it is back. Default: nobody. */
  readonly onEngine?: ((text: string) => void) | undefined;
}

/** A driver on one Docker Engine or on several, and the templates it forks. */
export interface DockerMachines extends AsyncDisposable {
  readonly driver: DeliveringDriver;
  readonly templates: Templates;
  readonly accelerator: AcceleratorName;
  readonly acceleratorReason: string;
  /** Removes from where machines run what no start has wanted for long. */
  tidyUp(): Promise<void>;
}

export const RUNNER_FOLDER = join(import.meta.dirname, 'machines/docker/runner');

/** Builds the images when there are none, and brings them to the engines: it takes minutes, once. */
export async function openDockerMachines(options: DockerMachinesOptions): Promise<DockerMachines> {
  const { env, config, onPrepare = unseen, onEngine } = options;
  const over = new AbortController();
  const paths = resolvePaths(env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const found = await findEngines(env);
  requireDifferent(found);
  const connections = new Connections();
  await connections.requireOne(found);
  const templatesOptions = {
    ...{ artefacts: new Artefacts(paths.cache), imagesFolder: IMAGES_FOLDER, agentFolder: AGENT_FOLDER, onPrepare },
    checkpointBytes: config.checkpointBytes,
    signal: options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal,
  };
  const built = await ensureRunner({ ...templatesOptions, programsFolder: RUNNER_FOLDER });
  const onDeliver = (name: string) => onPrepare('deliver', name);
  const { image } = await ensureImage(templatesOptions, FIRST_IMAGE);
  const owner = await ownerOf(paths.state);
  const memoryMib = config.machineMemoryMib;
  const open = async (engineFound: FoundEngine, wanted: Config['accelerator']) => {
    const engine = await connections.to(engineFound);
    const renew = () => bringRunner(engine, built, onDeliver);
    const common = { engine, runner: await renew(), renew, owner, onDeliver };
    const memoryFile = join(paths.cache, 'engine-accelerators.json');
    const { accelerator, reason, groups } = await chooseAccelerator({ ...common, image, wanted, memoryFile });
    const limits = { memoryMib, maxOverlayBytes: MAX_OVERLAY_BYTES };
    return { driver: await DockerDriver.open({ ...common, ...limits, accelerator, groups }), accelerator, reason };
  };
  const { driver, accelerator, reason } = await openAll(found, config.accelerator, { open, memoryMib, onEngine });
  return {
    ...{ driver, accelerator: accelerator.name, acceleratorReason: reason },
    templates: new DeliveredTemplates(new LocalTemplates({ ...templatesOptions, baker: driver }), driver),
    tidyUp: () => driver.sweep(),
    [Symbol.asyncDispose]: () => {
      over.abort();
      return driver[Symbol.asyncDispose]();
    },
  };
}

/** One to each engine; what could not be connected is tried anew by whoever asks next. */
class Connections {
  readonly #connected = new Map<FoundEngine, Promise<Engine>>();

  to(found: FoundEngine): Promise<Engine> {
    const connected = this.#connected.get(found) ?? connectEngine(found);
    this.#connected.set(found, connected);
    connected.catch(() => this.#connected.delete(found));
    return connected;
  }

  /** Before minutes of building: there is an engine that answers. */
  async requireOne(found: readonly FoundEngine[]): Promise<void> {
    await Promise.any(found.map((one) => this.to(one))).catch(({ errors }: AggregateError) => {
      throw errors[0];
    });
  }
}

/** By address: hosts that were copied have engines of one id. */
function requireDifferent(found: readonly FoundEngine[]): void {
  const addresses = found.map(({ address }) => showAddress(address));
  const twice = addresses.find((address, index) => addresses.indexOf(address) !== index);
  if (twice !== undefined)
    throw new DrydockError('config-invalid', `ENGINES names ${twice} twice. Leave one of them out.`);
}

interface Opened<D extends DeliveringDriver> {
  readonly driver: D;
  readonly accelerator: Accelerator;
  readonly reason: string;
}

interface OpenAllOptions {
  readonly open: (found: FoundEngine, wanted: Config['accelerator']) => Promise<Opened<EngineDriver>>;
  readonly memoryMib: number;
  readonly onEngine: DockerMachinesOptions['onEngine'];
}

/** A template made on one of several runs on all: what differs between processors is emulated unless somebody says it does not. */
async function openAll(
  found: readonly FoundEngine[],
  setting: Config['accelerator'],
  { open, memoryMib, onEngine }: OpenAllOptions,
): Promise<Opened<DeliveringDriver>> {
  const [only, ...others] = found;
  if (only === undefined) throw new TypeError('there is no engine to open');
  if (others.length === 0) return open(only, setting);
  const wanted = setting === 'auto' ? 'tcg' : setting;
  const named = found.map((one) => ({
    name: showAddress(one.address),
    open: async () => (await open(one, wanted)).driver,
  }));
  const driver = await SeveralEngines.open(named, { memoryMib, ...(onEngine && { onChange: onEngine }) });
  const reason =
    setting === 'auto'
      ? 'there are several engines, and ACCELERATOR is not kvm'
      : `the setting ACCELERATOR is ${setting}`;
  return { driver, accelerator: ACCELERATORS[wanted], reason };
}

const unseen = () => ({ report: () => {}, end: () => {} });

/** Templates that are on every engine, too, before anybody forks them. */
class DeliveredTemplates implements Templates {
  readonly #templates: Templates;
  readonly #driver: DeliveringDriver;

  constructor(templates: Templates, driver: DeliveringDriver) {
    this.#templates = templates;
    this.#driver = driver;
  }

  async forLab(lab: Lab, step?: string): Promise<TemplateRefs> {
    const refs = await this.#templates.forLab(lab, step);
    for (const template of refs.values()) await this.#driver.deliver(template);
    return refs;
  }

  usualWaitMs(lab: Lab, step: string): Promise<number> {
    return this.#templates.usualWaitMs(lab, step);
  }
}

/** The same for all processes of one state folder on one computer. */
export async function ownerOf(stateFolder: string): Promise<string> {
  await mkdir(stateFolder, { recursive: true });
  const place = JSON.stringify([hostname(), await realpath(stateFolder)]);
  return createHash('sha256').update(place).digest('hex').slice(0, 12);
}
