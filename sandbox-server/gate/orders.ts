import * as z from 'zod';
import { PACK_DRAFT, RELAY } from '../machines/docker/container-commands.ts';
import { FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { CABLE_MEMORY, CABLE_VOLUME } from '../machines/docker/shared-cable.ts';
import type { OwnContainer } from './belongings.ts';
import { firstDifference } from './first-difference.ts';
import { Refusal } from './refusal.ts';
import { show } from './request-target.ts';

type Body = Readonly<Record<string, unknown>>;

const cableSchema = z.object({
  Name: z.string().regex(CABLE_VOLUME),
  Labels: z.object({ [LABELS.owner]: z.string().regex(/^[0-9a-f]{12}$/) }),
});

/** The volume of files, or a cable of this owner's. */
export function volumeOrder(asked: Body, owner: string): { readonly Name: string } {
  const files = { Name: FILES_VOLUME, Labels: { [LABELS.kind]: 'files' } };
  const cable = cableSchema.safeParse(asked).data;
  const make = (of: string) => ({
    Name: cable?.Name ?? '',
    Labels: { [LABELS.owner]: of, [LABELS.kind]: 'cable' },
    ...{ Driver: 'local', DriverOpts: CABLE_MEMORY },
  });
  const wanted = cable ? make(cable.Labels[LABELS.owner] ?? '') : files;
  const difference = firstDifference(asked, wanted);
  if (difference !== undefined) throw new Refusal(`Drydock makes no such volume: ${difference}.`);
  return cable ? make(owner) : files;
}

const execSchema = z.object({ Cmd: z.array(z.string()) });
const FILE_NAME = /^[a-z0-9][a-z0-9.-]*$/;

/** The relay of a machine, or what packs the files of a draft. */
export function execOrder(asked: Body, { id, kind }: OwnContainer): object {
  const { data } = execSchema.safeParse(asked);
  const words = data?.Cmd ?? [];
  const isRelay = (kind === 'machine' || kind === 'draft') && firstDifference(words, [...RELAY]) === undefined;
  if (!isRelay && !(kind === 'draft' && packsDraft(words))) {
    throw new Refusal(
      `Drydock runs no ${show(JSON.stringify(asked.Cmd ?? null))} in container ${id.slice(0, 12)}, a ${kind}.`,
    );
  }
  const order = { Cmd: words, AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const difference = firstDifference(asked, order);
  if (difference !== undefined) throw new Refusal(`Drydock makes no such exec: ${difference}.`);
  return order;
}

function packsDraft(words: readonly string[]): boolean {
  const names = words.slice(PACK_DRAFT.length);
  return PACK_DRAFT.every((word, index) => words[index] === word) && names.length > 0 && names.every(isFileName);
}

const isFileName = (name: string): boolean => FILE_NAME.test(name);

/** The library that the driver speaks through puts these into the body; others say what they mean by it. */
const startSchema = z.strictObject({
  hijack: z.literal(true).optional(),
  stdin: z.literal(true).optional(),
  Detach: z.literal(false).optional(),
  Tty: z.literal(false).optional(),
});

export function execStartOrder(asked: Body): object {
  const { error } = startSchema.safeParse(asked);
  if (error) throw new Refusal(`Drydock starts no exec in that way: ${error.issues[0]?.message}.`);
  return { Detach: false, Tty: false };
}
