import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../labs/format/lab.ts';
import { Artefacts } from '../../sandbox-server/images/artefacts.ts';
import { findDelegated } from '../../sandbox-server/machines/local/cgroups.ts';
import type { Choice } from '../../sandbox-server/machines/local/choose-accelerator.ts';
import { qemuVersion } from '../../sandbox-server/machines/local/local-driver.ts';
import { driverIdentity } from '../../sandbox-server/machines/qemu/driver-identity.ts';
import { type Wanted, wantedArtefacts, wantedImage } from '../cache/wanted-artefacts.ts';
import { readHost } from '../preflight/system/user-namespaces.mjs';
import { examineAccelerator, findDevice, judgeAccelerator } from './accelerator.ts';
import { type Inventory, listStored } from './cache.ts';
import { type Finding, note } from './finding.ts';
import { enterJail, judgeJail, judgeLimits, judgeReach } from './jail.ts';
import type { Surroundings } from './surroundings.ts';

/** The version line of a QEMU that starts; undefined where there is none. */
export async function findQemu(): Promise<string | undefined> {
  return qemuVersion().catch(() => undefined);
}

export async function examineJail({ asRoot, user, paths }: Surroundings): Promise<Finding[]> {
  const refusal = await enterJail(asRoot);
  const jail = judgeJail({ asRoot, user: user.name, refusal, host: readHost() });
  const folders = [paths.cache, paths.state].filter((folder) => existsSync(folder));
  if (refusal !== null) return [jail];
  const limits = judgeLimits(await findDelegated());
  if (!asRoot || folders.length === 0) return [jail, limits];
  const reaches = folders.map(async (folder) => ({ folder, refusal: await enterJail(asRoot, folder) }));
  return [jail, judgeReach(await Promise.all(reaches)), limits];
}

export interface Machinery {
  readonly accelerator: readonly Finding[];
  readonly inventory: Inventory;
}

/** The accelerator needs an image, and a template's identity the accelerator: hence both at once. */
export async function examineMachinery(
  { asRoot, paths: { cache }, config }: Surroundings,
  labs: Iterable<Lab> | null,
  qemu: string | undefined,
): Promise<Machinery> {
  const artefacts = new Artefacts(cache);
  const stored = await listStored(artefacts);
  const image = await wantedImage(cache);
  if (qemu === undefined) return { accelerator: [NOT_KNOWN], inventory: { ...onlyImage(image), cache, stored } };
  const device = findDevice();
  const memoryFile = join(cache, 'accelerator.json');
  const choice = await examineAccelerator(
    {
      image: { key: image.key, folder: artefacts.folderOf(image.kind, image.key) },
      imageBuilt: await artefacts.has(image.kind, image.key),
      memoryFile,
      qemuVersion: qemu,
      asRoot,
    },
    device,
  );
  const accelerator = judgeAccelerator(choice, device, memoryFile);
  if (choice === undefined || labs === null) return { accelerator, inventory: { ...onlyImage(image), cache, stored } };
  const wanted = await wantedArtefacts(cache, labs, identityOf(choice, config.machineMemoryMib, qemu));
  return { accelerator, inventory: { cache, stored, wanted, templatesKnown: true } };
}

// The lack itself is counted once, among the packages.
const NOT_KNOWN = note('accelerator', 'not known without QEMU: see "Packages".');

const onlyImage = (image: Wanted) => ({ wanted: [image], templatesKnown: false });

function identityOf({ accelerator }: Choice, memoryMib: number, qemu: string): string {
  return driverIdentity({ accelerator, memoryMib }, qemu);
}
