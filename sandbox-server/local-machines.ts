import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { Artefacts } from './images/artefacts.ts';
import { ensureImage, LocalTemplates, type TemplatesOptions } from './images/templates.ts';
import { chooseAccelerator } from './machines/local/choose-accelerator.ts';
import { LocalDriver, qemuVersion } from './machines/local/local-driver.ts';
import type { AcceleratorName } from './machines/qemu/accelerators.ts';
import { resolvePaths } from './paths.ts';

export interface LocalMachinesOptions {
  /** Says where cache and state are. */
  readonly env: NodeJS.ProcessEnv;
  readonly config: Pick<Config, 'machineMemoryMib' | 'accelerator' | 'checkpointBytes'>;
  /** Default: tells nobody. */
  readonly onPrepare?: TemplatesOptions['onPrepare'];
  readonly signal?: AbortSignal;
  /** Recipes of images. Default: labs/images. */
  readonly imagesFolder?: string;
}

/** A driver on this host and the templates it forks. */
export interface LocalMachines extends AsyncDisposable {
  readonly driver: LocalDriver;
  readonly templates: LocalTemplates;
  readonly accelerator: AcceleratorName;
  readonly acceleratorReason: string;
}

const PROJECT_FOLDER = join(import.meta.dirname, '..');
export const IMAGES_FOLDER = join(PROJECT_FOLDER, 'labs/images');
export const AGENT_FOLDER = join(import.meta.dirname, 'guest/agent');
/** The image whose kernel tells whether hardware virtualization works. */
export const FIRST_IMAGE = 'debian-docker';
export const MAX_OVERLAY_BYTES = 3 * 1024 ** 3;

/** Builds the image when there is none: it takes minutes, once. */
export async function openLocalMachines(options: LocalMachinesOptions): Promise<LocalMachines> {
  const uid = process.getuid?.() ?? -1;
  const over = new AbortController();
  const paths = resolvePaths(options.env, { uid, home: homedir() });
  const templatesOptions = {
    artefacts: new Artefacts(paths.cache),
    imagesFolder: options.imagesFolder ?? IMAGES_FOLDER,
    agentFolder: AGENT_FOLDER,
    onPrepare: options.onPrepare ?? unseen,
    checkpointBytes: options.config.checkpointBytes,
    signal: options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal,
  };
  const { image } = await ensureImage(templatesOptions, FIRST_IMAGE);
  const asRoot = uid === 0;
  const { accelerator, reason } = await chooseAccelerator({
    image,
    wanted: options.config.accelerator,
    memoryFile: join(paths.cache, 'accelerator.json'),
    qemuVersion: await qemuVersion(),
    asRoot,
  });
  const driver = await LocalDriver.open({
    stateFolder: paths.state,
    accelerator,
    memoryMib: options.config.machineMemoryMib,
    maxOverlayBytes: MAX_OVERLAY_BYTES,
    groups: accelerator.name === 'kvm' ? [(await stat('/dev/kvm')).gid] : [],
    asRoot,
  });
  const templates = new LocalTemplates({ ...templatesOptions, baker: driver });
  const dispose = () => {
    over.abort();
    return driver[Symbol.asyncDispose]();
  };
  return {
    driver,
    templates,
    accelerator: accelerator.name,
    acceleratorReason: reason,
    [Symbol.asyncDispose]: dispose,
  };
}

const unseen = () => ({ report: () => {}, end: () => {} });
