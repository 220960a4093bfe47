import type { Lab } from '../../labs/format/lab.ts';
import { type ArtefactKind, Artefacts, type MakeOptions } from '../../sandbox-server/images/artefacts.ts';
import { ensureImage, LocalTemplates, type TemplatesOptions } from '../../sandbox-server/images/templates.ts';
import { AGENT_FOLDER, FIRST_IMAGE, IMAGES_FOLDER } from '../../sandbox-server/local-machines.ts';
import type { Baker } from '../../sandbox-server/machines/driver.ts';

export interface Wanted {
  readonly kind: ArtefactKind;
  readonly key: string;
}

/** Notes what a start would make or reuse, and makes nothing. */
class Ledger extends Artefacts {
  readonly wanted = new Map<string, Wanted>();

  override async ensure({ kind, key }: MakeOptions): Promise<string> {
    this.wanted.set(key, { kind, key });
    return this.folderOf(kind, key);
  }

  override async has(): Promise<boolean> {
    return false;
  }
}

function never(): never {
  throw new Error('doctor makes no images and no templates');
}

function dryRun(cache: string) {
  const artefacts = new Ledger(cache);
  const options: Omit<TemplatesOptions, 'baker'> = {
    artefacts,
    imagesFolder: IMAGES_FOLDER,
    agentFolder: AGENT_FOLDER,
    onPrepare: never,
  };
  return { artefacts, options };
}

/** The image that every start begins with. */
export async function wantedImage(cache: string): Promise<Wanted> {
  const { image } = await ensureImage(dryRun(cache).options, FIRST_IMAGE);
  return { kind: 'images', key: image.key };
}

/** Everything that a start of this checkout uses, by the very code that would make it. */
export async function wantedArtefacts(cache: string, labs: Iterable<Lab>, identity: string): Promise<Wanted[]> {
  const { artefacts, options } = dryRun(cache);
  const baker: Baker = { identity, network: never, boot: never, thaw: never };
  const templates = new LocalTemplates({ ...options, baker });
  for (const lab of labs) {
    await templates.forLab(lab);
    for (const { id } of lab.steps) await templates.forLab(lab, id);
  }
  return [...artefacts.wanted.values()];
}
