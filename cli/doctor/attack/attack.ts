import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../../labs/format/lab.ts';
import { MAX_OVERLAY_BYTES, openLocalMachines } from '../../../sandbox-server/local-machines.ts';
import { ACCELERATORS } from '../../../sandbox-server/machines/qemu/accelerators.ts';
import { machineLimits } from '../../../sandbox-server/machines/qemu/limits.ts';
import { readHost } from '../../preflight/system/user-namespaces.mjs';
import { examineMachinery, findQemu } from '../examine-machines.ts';
import { note, type Section } from '../finding.ts';
import { enterJail, judgeJail } from '../jail.ts';
import { tryLabs } from '../labs.ts';
import type { Surroundings } from '../surroundings.ts';
import { judgeJailTrials, judgeMachine } from './judge.ts';
import { type Trial, tryJail } from './try-jail.ts';
import { type MachineTrial, tryMachine } from './try-machine.ts';

export interface AttackResult {
  readonly sections: readonly Section[];
  readonly jail: readonly Trial[];
  /** Undefined: there was no template to fork. */
  readonly machine?: MachineTrial;
}

const LABS_FOLDER = join(import.meta.dirname, '../../../labs');

/** Attacks what holds machines on this computer, with its own settings. Makes no image and no template. */
export async function attack(around: Surroundings): Promise<AttackResult> {
  const { asRoot, user, config } = around;
  const refusal = await enterJail(asRoot);
  if (refusal !== null) {
    const jail = judgeJail({ asRoot, user: user.name, refusal, host: readHost() });
    return { sections: [{ title: 'Jail', findings: [jail] }], jail: [] };
  }
  const size = { accelerator: ACCELERATORS.tcg, memoryMib: config.machineMemoryMib, maxFileBytes: MAX_OVERLAY_BYTES };
  const jail = await tryJail({ asRoot, size });
  const sections = judgeJailTrials(jail);
  const lab = await findBakedLab(around);
  if (lab === undefined) return { sections: [...sections, NOT_TRIED], jail };
  await using local = await openLocalMachines({ env: around.env, config });
  const [template] = (await local.templates.forLab(lab)).values();
  if (template === undefined) return { sections: [...sections, NOT_TRIED], jail };
  const templateFiles = (await readdir(template.folder)).map((name) => join(template.folder, name));
  const machine = await tryMachine({ driver: local.driver, template, templateFiles });
  const limits = machineLimits({ ...size, accelerator: ACCELERATORS[local.accelerator] });
  return { sections: [...sections, ...judgeMachine(machine, { asRoot, limits })], jail, machine };
}

const NOT_TRIED: Section = {
  title: 'A running machine',
  findings: [note('not tried', 'there is no template yet.', '"npm start" makes them; then run this again.')],
};

/** A lab that can be forked without anything having to be made first. */
async function findBakedLab(around: Surroundings): Promise<Lab | undefined> {
  const { labs } = tryLabs(LABS_FOLDER);
  const qemu = await findQemu();
  const [lab] = labs ?? [];
  if (lab === undefined || qemu === undefined) return undefined;
  const { inventory } = await examineMachinery(around, [lab], qemu);
  if (!inventory.templatesKnown) return undefined;
  const complete = new Set(inventory.stored.filter(({ state }) => state === 'complete').map(({ key }) => key));
  return inventory.wanted.every(({ key }) => complete.has(key)) ? lab : undefined;
}
