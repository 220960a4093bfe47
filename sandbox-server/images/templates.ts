import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, LabMachine } from '../../labs/format/lab.ts';
import type { Baker, ImageRef, TemplateRef } from '../machines/driver.ts';
import type { TemplateRefs, Templates } from '../machines/templates.ts';
import type { ArtefactKind, Artefacts } from './artefacts.ts';
import { bakeBase, bakeLab } from './bake.ts';
import { buildImage } from './build-image.ts';
import { Checkpoints } from './checkpoints.ts';
import { hash } from './hash.ts';
import { type Recipe, readRecipe, scriptsOf } from './recipe.ts';

/** `runner` and `deliver`: of machines on a Docker Engine. */
export type PreparationStage = 'image' | 'runner' | 'deliver' | 'base' | 'lab' | 'checkpoint';

/** How somebody who waits is told. */
export interface Preparation {
  /** What is going on inside, for a progress line. */
  report(line: string): void;
  end(): void;
}

export interface TemplatesOptions {
  readonly artefacts: Artefacts;
  readonly baker: Baker;
  readonly imagesFolder: string;
  readonly agentFolder: string;
  /** Called for each thing that has to be made; not for what is there already. */
  readonly onPrepare: (stage: PreparationStage, name: string) => Preparation;
  /** What checkpoints may take on disk together, in bytes. Default: as much as they need. */
  readonly checkpointBytes?: number;
  readonly signal?: AbortSignal;
}

/** Raise it when bake.ts prepares machines in another way. */
const BAKE_VERSION = 2;

/** Image → base template → a lab's templates, each made once and kept by the hash of what went in. */
export class LocalTemplates implements Templates {
  readonly #options: TemplatesOptions;
  readonly #labs = new Map<string, Promise<TemplateRefs>>();
  readonly #checkpoints: Checkpoints;

  constructor(options: TemplatesOptions) {
    this.#options = options;
    const { artefacts, baker, onPrepare, checkpointBytes = Number.POSITIVE_INFINITY, signal } = options;
    this.#checkpoints = new Checkpoints({
      ...{ artefacts, baker, limitBytes: checkpointBytes, onPrepare: (name) => onPrepare('checkpoint', name) },
      ...(signal && { signal }),
    });
  }

  async forLab(lab: Lab, step?: string): Promise<TemplateRefs> {
    const start = await this.#start(lab);
    return step === undefined ? start : this.#checkpoints.at(lab, start, step);
  }

  async usualWaitMs(lab: Lab, step: string): Promise<number> {
    return this.#checkpoints.usualWaitMs(lab, await this.#start(lab), step);
  }

  /** Asking again while they are made waits for the same ones. */
  #start(lab: Lab): Promise<TemplateRefs> {
    const id = templateIdentity(lab);
    const known = this.#labs.get(id) ?? this.#makeLab(lab);
    this.#labs.set(id, known);
    known.catch(() => this.#labs.delete(id));
    return known;
  }

  async image(name: string): Promise<ImageRef> {
    return (await ensureImage(this.#options, name)).image;
  }

  async base(name: string): Promise<TemplateRef> {
    const { baker, signal } = this.#options;
    const { recipe, image } = await ensureImage(this.#options, name);
    const key = `${name}-base-${hash(image.key, baker.identity, `bake ${BAKE_VERSION}`)}`;
    const folder = await ensure(this.#options, { kind: 'templates', key, stage: 'base', name }, (folder) =>
      scriptsOf(recipe, 'prepare.sh').then((files) =>
        bakeBase(image, files, { baker, folder, ...(signal && { signal }) }),
      ),
    );
    return { key, folder };
  }

  async #makeLab(lab: Lab): Promise<TemplateRefs> {
    const base = await this.base(lab.image);
    const { baker, signal } = this.#options;
    const key = `${lab.id}-${hash(base.key, identify(lab))}`;
    const folder = await ensure(this.#options, { kind: 'templates', key, stage: 'lab', name: lab.id }, (folder) => {
      const folderOf = async ({ role }: LabMachine) => {
        const own = join(folder, role);
        await mkdir(own);
        return own;
      };
      return bakeLab(base, lab.machines, { baker, folderOf, ...(signal && { signal }) });
    });
    return new Map(lab.machines.map(({ role }) => [role, { key: `${key}/${role}`, folder: join(folder, role) }]));
  }
}

/** Needs no driver: whoever must boot the image's kernel to choose one calls this first. */
export async function ensureImage(
  options: Omit<TemplatesOptions, 'baker'>,
  name: string,
): Promise<{ recipe: Recipe; image: ImageRef }> {
  const { imagesFolder, agentFolder, signal } = options;
  const recipe = await readRecipe(imagesFolder, name, agentFolder);
  const folder = await ensure(
    options,
    { kind: 'images', key: recipe.key, stage: 'image', name },
    (folder, onProgress) => buildImage({ recipe, agentFolder, folder, onProgress, ...(signal && { signal }) }),
  );
  return { recipe, image: { key: recipe.key, folder } };
}

interface Wanted {
  readonly kind: ArtefactKind;
  readonly key: string;
  readonly stage: PreparationStage;
  readonly name: string;
}

function ensure(
  { artefacts, onPrepare }: Pick<TemplatesOptions, 'artefacts' | 'onPrepare'>,
  { kind, key, stage, name }: Wanted,
  make: (folder: string, onProgress: (line: string) => void) => Promise<void>,
): Promise<string> {
  return artefacts.ensure({
    kind,
    key,
    make: async (folder) => {
      const { report, end } = onPrepare(stage, name);
      await make(folder, report);
      end();
    },
  });
}

/** The same for two forms of a lab whose machines are made in the same way. */
export function templateIdentity(lab: Lab): string {
  return hash(lab.image, lab.id, identify(lab));
}

/** What of a lab goes into its templates; its secrets do not, they differ per fork. */
function identify({ machines }: Lab): string {
  return JSON.stringify(
    machines.map(({ role, hostname, address, setup, terminals }) => [
      ...[role, hostname, address, setup],
      terminals.map(({ id, user }) => [id, user]),
    ]),
  );
}
