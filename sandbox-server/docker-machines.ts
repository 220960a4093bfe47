import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../labs/format/lab.ts';
import type { Config } from './config.ts';
import { Artefacts } from './images/artefacts.ts';
import { ensureRunner } from './images/build-runner.ts';
import { ensureImage, LocalTemplates, type TemplatesOptions } from './images/templates.ts';
import { AGENT_FOLDER, FIRST_IMAGE, IMAGES_FOLDER, MAX_OVERLAY_BYTES } from './local-machines.ts';
import { bringRunner } from './machines/docker/bring-runner.ts';
import { chooseAccelerator } from './machines/docker/choose-accelerator.ts';
import { DockerDriver } from './machines/docker/docker-driver.ts';
import { connectEngine, type Engine } from './machines/docker/engine/connect-engine.ts';
import { findEngine } from './machines/docker/engine/find-engine.ts';
import type { AcceleratorName } from './machines/qemu/accelerators.ts';
import type { TemplateRefs, Templates } from './machines/templates.ts';
import { resolvePaths } from './paths.ts';

export interface DockerMachinesOptions {
  /** Says where cache, state and the engine are. */
  readonly env: NodeJS.ProcessEnv;
  readonly config: Pick<Config, 'machineMemoryMib' | 'accelerator' | 'checkpointBytes'>;
  /** Default: tells nobody. */
  readonly onPrepare?: TemplatesOptions['onPrepare'];
  readonly signal?: AbortSignal;
}

/** A driver on a Docker Engine and the templates it forks. */
export interface DockerMachines extends AsyncDisposable {
  readonly driver: DockerDriver;
  readonly templates: Templates;
  readonly engine: Engine;
  readonly accelerator: AcceleratorName;
  readonly acceleratorReason: string;
  /** Removes from the engine what no start has wanted for long. */
  tidyUp(): Promise<void>;
}

export const RUNNER_FOLDER = join(import.meta.dirname, 'machines/docker/runner');

/** Builds the images when there are none, and brings them to the engine: it takes minutes, once. */
export async function openDockerMachines(options: DockerMachinesOptions): Promise<DockerMachines> {
  const { env, config, onPrepare = unseen } = options;
  const over = new AbortController();
  const paths = resolvePaths(env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const engine = await connectEngine(await findEngine(env));
  const templatesOptions = {
    ...{ artefacts: new Artefacts(paths.cache), imagesFolder: IMAGES_FOLDER, agentFolder: AGENT_FOLDER, onPrepare },
    checkpointBytes: config.checkpointBytes,
    signal: options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal,
  };
  const built = await ensureRunner({ ...templatesOptions, programsFolder: RUNNER_FOLDER });
  const onDeliver = (name: string) => onPrepare('deliver', name);
  const runner = await bringRunner(engine, built, onDeliver);
  const { image } = await ensureImage(templatesOptions, FIRST_IMAGE);
  const common = { engine, runner, owner: await ownerOf(paths.state), onDeliver };
  const { accelerator, reason, groups } = await chooseAccelerator({
    ...common,
    ...{ image, wanted: config.accelerator, memoryFile: join(paths.cache, 'engine-accelerators.json') },
  });
  const driver = await DockerDriver.open({
    ...common,
    ...{ accelerator, groups, memoryMib: config.machineMemoryMib, maxOverlayBytes: MAX_OVERLAY_BYTES },
  });
  return {
    ...{ driver, engine, accelerator: accelerator.name, acceleratorReason: reason },
    templates: new DeliveredTemplates(new LocalTemplates({ ...templatesOptions, baker: driver }), driver),
    tidyUp: () => driver.sweep(),
    [Symbol.asyncDispose]: () => {
      over.abort();
      return driver[Symbol.asyncDispose]();
    },
  };
}

const unseen = () => ({ report: () => {}, end: () => {} });

/** Templates that are on the engine, too, before anybody forks them. */
class DeliveredTemplates implements Templates {
  readonly #templates: Templates;
  readonly #driver: DockerDriver;

  constructor(templates: Templates, driver: DockerDriver) {
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
