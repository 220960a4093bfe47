import type { MountSettings } from 'dockerode';
import * as z from 'zod';
import { ASK_DEVICE_GROUP, isStoreOrder, MUX, STORE } from '../machines/docker/container-commands.ts';
import { containerOptions, filesMount, ownVolume } from '../machines/docker/container-options.ts';
import { HELPER_MEMORY_MIB, PROBE_MEMORY_MIB, UNBOUNDED_FILE_BYTES } from '../machines/docker/container-sizes.ts';
import { CONTAINER, type ContainerKind, FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { isMachineUser } from '../machines/docker/machine-users.ts';
import { CABLE_VOLUME, cableMount } from '../machines/docker/shared-cable.ts';
import { ACCELERATORS, type Accelerator, type AcceleratorName } from '../machines/qemu/accelerators.ts';
import { machineLimits, PRLIMIT } from '../machines/qemu/limits.ts';
import { INSIDE } from '../machines/qemu/mounts.ts';
import { firstDifference } from './first-difference.ts';
import { Refusal } from './refusal.ts';
import { show } from './request-target.ts';

export interface Maxima {
  /** Of a machine's guest. */
  readonly machineMemoryMib: number;
  /** What a machine may write. */
  readonly maxOverlayBytes: number;
}

/** What holds for every container of a gate. */
export interface Allowed {
  readonly owner: string;
  /** The one image that containers are made of. */
  readonly runner: string;
  /** With tcg no container has the host's device. */
  readonly accelerator: AcceleratorName;
  readonly maxima: Maxima;
}

export interface ContainerOrder {
  readonly body: object;
  /** Volumes that are mounted by name. */
  readonly volumes: readonly string[];
}

/** What whoever asks for another image is to do. */
export const OF_ANOTHER_VERSION =
  'Server and gate are of two versions; "npm run deploy" makes both, and brings the image.';
const OWNER = /^[0-9a-f]{12}$/;
const MIB = 1024 * 1024;
const NANO = 1e9;

const number = z.number().int().positive();
/** What the driver chooses from one container to the next. What else stands in a body is the same in all of a kind. */
const choicesSchema = z.object({
  Image: z.string(),
  Cmd: z.array(z.string()),
  User: z.string().regex(/^(\d{1,10}):\1$/, 'is no user and group of the same number'),
  Labels: z.object({
    [LABELS.owner]: z.string().regex(OWNER, 'names no owner'),
    [LABELS.kind]: z.enum(['machine', 'draft', 'helper', 'probe']),
    [LABELS.machine]: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, 'is no machine')
      .optional(),
  }),
  HostConfig: z.object({
    AutoRemove: z.boolean(),
    Memory: number,
    NanoCpus: number,
    Devices: z.array(z.unknown()).optional(),
    GroupAdd: z
      .array(z.string().regex(/^\d{1,10}$/, 'is no number of a group'))
      .max(1)
      .optional(),
    Mounts: z.array(z.object({ Source: z.string(), Target: z.string() })),
  }),
});
type Choices = z.infer<typeof choicesSchema>;

interface Kind {
  readonly beginnings: readonly (readonly string[])[];
  /** What the words after that may be; left out: any. */
  isRest?(words: readonly string[]): boolean;
  readonly isRoot?: boolean;
  readonly isMachine?: boolean;
  /** Reads standard input and is removed at its end, whatever the engine. */
  readonly isAttached?: boolean;
  memoryMib(maxima: Maxima): { readonly least: number; readonly most: number };
  fileBytes(maxima: Maxima): number;
  mounts(owner: string): readonly MountSettings[];
}

const readOnly = filesMount({ isWritable: false });
const exactly = (mib: number) => () => ({ least: mib, most: mib });
const asMachine = ({ machineMemoryMib }: Maxima) => ({ least: 1, most: machineMemoryMib });

const KINDS: Readonly<Record<ContainerKind, Kind>> = {
  machine: {
    ...{ beginnings: [MUX], isMachine: true, memoryMib: asMachine },
    fileBytes: ({ maxOverlayBytes }) => maxOverlayBytes,
    mounts: (owner) => [readOnly, ownVolume(CONTAINER.disk, owner)],
  },
  draft: {
    ...{ beginnings: [MUX], isMachine: true, memoryMib: asMachine },
    fileBytes: () => UNBOUNDED_FILE_BYTES,
    mounts: (owner) => [readOnly, ownVolume(INSIDE.draft, owner)],
  },
  helper: {
    ...{ beginnings: [STORE], isRest: isStoreOrder, isRoot: true, isAttached: true },
    ...{ memoryMib: exactly(HELPER_MEMORY_MIB), fileBytes: () => UNBOUNDED_FILE_BYTES },
    mounts: () => [filesMount({ isWritable: true })],
  },
  probe: {
    ...{ beginnings: [ASK_DEVICE_GROUP, [PRLIMIT]], isAttached: true },
    ...{ memoryMib: exactly(PROBE_MEMORY_MIB), fileBytes: () => 0 },
    mounts: () => [],
  },
};

/**
 * The body of a container that the driver could have asked for: its choices are read and checked, the rest is made anew
 * by the driver's own function, and must be what was asked for, field by field. So there is no list of what is
 * dangerous: what the driver does not say, nobody says.
 */
export function containerOrder(
  asked: Readonly<Record<string, unknown>>,
  { owner, runner, accelerator: allowed, maxima }: Allowed,
): ContainerOrder {
  const { data: choices, error } = choicesSchema.safeParse(asked);
  if (choices === undefined) throw refused(describeIssue(error?.issues[0]));
  if (choices.Image !== runner) throw refused(`Image is ${show(choices.Image)}, and the gate knows only ${runner}`);
  const { [LABELS.kind]: name, [LABELS.owner]: askedOwner } = choices.Labels;
  const kind = KINDS[name];
  requireCommand(choices, kind, name);
  requireUser(choices, kind, name);
  const accelerator = choices.HostConfig.Devices === undefined ? ACCELERATORS.tcg : ACCELERATORS.kvm;
  if (accelerator === ACCELERATORS.kvm && allowed === 'tcg') {
    const fix = 'Set it to kvm, or ACCELERATOR of the server to tcg';
    throw refused(`HostConfig.Devices has a device, and GATE_ACCELERATOR is tcg. ${fix}`);
  }
  const limits = limitsOf(choices, { kind, name, accelerator, maxima });
  const { mounts, volumes } = mountsOf(choices, kind, name);
  const make = (owner: string): Record<string, unknown> =>
    rebuild(choices, { kind, name, accelerator, limits, owner, mounts });
  const difference = firstDifference(asked, make(askedOwner));
  if (difference !== undefined) throw refused(difference);
  return { body: make(owner), volumes };
}

interface Parts {
  readonly kind: Kind;
  readonly name: ContainerKind;
  readonly accelerator: Accelerator;
  readonly limits: ReturnType<typeof machineLimits>;
  readonly owner: string;
  readonly mounts: (owner: string) => readonly MountSettings[];
}

function rebuild({ Image, Cmd, User, Labels, HostConfig }: Choices, parts: Parts): Record<string, unknown> {
  const { kind, name, accelerator, limits, owner, mounts } = parts;
  const machine = Labels[LABELS.machine];
  const options = containerOptions(
    {
      ...{ runner: { image: Image, qemuVersion: '' }, owner, processors: HostConfig.NanoCpus / NANO },
      groups: (HostConfig.GroupAdd ?? []).map(Number),
    },
    {
      ...{ kind: name, command: Cmd, accelerator, user: Number.parseInt(User, 10), limits, mounts: mounts(owner) },
      ...(kind.isMachine && { labels: { [LABELS.machine]: machine ?? '' }, autoRemove: HostConfig.AutoRemove }),
      ...(kind.isAttached && { stdin: true }),
    },
  );
  // As it would arrive.
  return JSON.parse(JSON.stringify(options));
}

function requireCommand({ Cmd }: Choices, { beginnings, isRest = () => true }: Kind, name: string): void {
  const fits = beginnings.some(
    (words) => words.every((word, index) => Cmd[index] === word) && isRest(Cmd.slice(words.length)),
  );
  if (!fits) throw refused(`Cmd is ${show(JSON.stringify(Cmd))}, which is no program of a ${name}'s`);
}

function requireUser({ User }: Choices, { isRoot = false }: Kind, name: string): void {
  const user = Number.parseInt(User, 10);
  if (isRoot ? user !== 0 : !isMachineUser(user)) throw refused(`User is "${User}", which no ${name} has`);
}

interface Size {
  readonly kind: Kind;
  readonly name: string;
  readonly accelerator: Accelerator;
  readonly maxima: Maxima;
}

/** The rest follows from the memory, by the only formula there is. */
function limitsOf({ HostConfig }: Choices, { kind, name, accelerator, maxima }: Size) {
  const memoryMib = HostConfig.Memory / MIB - accelerator.ownAddressSpaceMib;
  const { least, most } = kind.memoryMib(maxima);
  if (memoryMib < least || memoryMib > most) {
    const room = most + accelerator.ownAddressSpaceMib;
    throw refused(`HostConfig.Memory is ${HostConfig.Memory}, and a ${name} has ${room} MiB at most`);
  }
  if (HostConfig.NanoCpus < NANO) throw refused(`HostConfig.NanoCpus is ${HostConfig.NanoCpus}, less than a processor`);
  return machineLimits({ accelerator, memoryMib, maxFileBytes: kind.fileBytes(maxima) });
}

function mountsOf({ HostConfig }: Choices, kind: Kind, name: string) {
  const sources = HostConfig.Mounts.map(({ Source }) => Source);
  const cable = HostConfig.Mounts.find(({ Target }) => Target === CONTAINER.cable)?.Source;
  const hasCable = kind.isMachine && cable !== undefined;
  if (hasCable && !CABLE_VOLUME.test(cable)) throw refused(`${show(cable)} is no cable`);
  // A probe that boots a kernel reads it there.
  const hasFiles = name === 'probe' && sources[0] === FILES_VOLUME;
  const mounts = (owner: string) => [
    ...kind.mounts(owner),
    ...(hasFiles ? [readOnly] : []),
    ...(hasCable ? [cableMount(cable)] : []),
  ];
  return { mounts, volumes: sources.filter((source) => source !== '') };
}

const refused = (why: string): Refusal => new Refusal(`Drydock makes no such container: ${why}.`);

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path.map(String).join('.');
  return `${path || 'the body'}: ${issue?.message}`;
}
