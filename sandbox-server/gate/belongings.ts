import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { type ContainerKind, FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { CABLE_MEMORY } from '../machines/docker/shared-cable.ts';
import { BAD_GATEWAY, type EngineClient, MISSING } from './engine-client.ts';
import { firstDifference } from './first-difference.ts';
import { BUSY, NotThere, Refusal } from './refusal.ts';
import { WaitingExecs } from './waiting-execs.ts';

export interface OwnContainer {
  readonly id: string;
  readonly kind: ContainerKind;
}

const KINDS = ['machine', 'draft', 'helper', 'probe'] as const satisfies readonly ContainerKind[];
const FOUND = 200;

const containerSchema = z.object({
  Id: z.string(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});
const volumeSchema = z.object({
  Driver: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
});
const containersSchema = z.array(z.object({ Id: z.string() }));
const volumesSchema = z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullish() });

/** Asks the engine to make something if there is room for one more. */
export type Counted = (make: () => Promise<IncomingMessage>) => Promise<IncomingMessage>;

/** What on the engine is this gate's, which is told by labels that only it gives. */
export class Belongings {
  readonly owner: string;
  readonly #engine: EngineClient;
  readonly #maxContainers: number;
  /** What a container is does not change. */
  readonly #known = new Map<string, ContainerKind>();
  readonly execs = new WaitingExecs();
  /** What is made is counted and made one after another, so that each is there when the next is counted. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    engine: EngineClient,
    { owner, maxContainers }: { readonly owner: string; readonly maxContainers: number },
  ) {
    this.#engine = engine;
    this.owner = owner;
    this.#maxContainers = maxContainers;
  }

  /** For a list: this gate's, whatever was asked for. */
  get filter(): string {
    return JSON.stringify({ label: [`${LABELS.owner}=${this.owner}`] });
  }

  async container(id: string): Promise<OwnContainer> {
    const known = this.#known.get(id);
    if (known !== undefined) return { id, kind: known };
    const { status, body } = await this.#engine.ask(`/containers/${id}/json`);
    if (status === MISSING) throw new NotThere(`No such container: ${id}`);
    const { data } = containerSchema.safeParse(body);
    const kind = KINDS.find((kind) => kind === data?.Config.Labels?.[LABELS.kind]);
    // The engine takes what is no id for a name.
    const isOwn = data?.Id === id && data.Config.Labels?.[LABELS.owner] === this.owner;
    if (!isOwn || kind === undefined) throw new Refusal(`Container ${id.slice(0, 12)} is not one of this gate's.`);
    this.#known.set(id, kind);
    return { id, kind };
  }

  forget(id: string): void {
    this.#known.delete(id);
    this.execs.forget(id);
  }

  /** One that this gate made, and may remove. */
  async volume(name: string): Promise<void> {
    const volume = await this.#volume(name);
    if (volume.Labels?.[LABELS.owner] !== this.owner) throw new Refusal(`Volume ${name} is not one of this gate's.`);
  }

  /** One to be mounted: of the right kind, and made as the driver makes it, whoever made it. */
  async mountable(name: string): Promise<void> {
    const { Driver, Labels, Options } = await this.#volume(name);
    const isFiles = name === FILES_VOLUME;
    if (Labels?.[LABELS.kind] !== (isFiles ? 'files' : 'cable') || (!isFiles && Labels[LABELS.owner] !== this.owner)) {
      throw new Refusal(`Volume ${name} was not made by Drydock.`);
    }
    const wanted = { Driver: 'local', Options: isFiles ? {} : CABLE_MEMORY };
    const difference = firstDifference({ Driver, Options: Options ?? {} }, wanted);
    if (difference !== undefined) throw new Refusal(`Volume ${name} is another than the driver makes: ${difference}.`);
  }

  /** Makes a container if there is room for one more. */
  withRoom(make: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
    return this.#inTurn(async () => {
      const found = await this.#list(`/containers/json?all=true&filters=${encodeURIComponent(this.filter)}`);
      const there = new Set(containersSchema.safeParse(found).data?.map(({ Id }) => Id) ?? unclear());
      for (const id of this.#known.keys()) if (!there.has(id)) this.forget(id);
      this.#requireRoom(there.size, 'containers');
      return make();
    });
  }

  /** Makes a cable, of which there are never more than containers. */
  withRoomForCable(make: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
    return this.#inTurn(async () => {
      const label = [`${LABELS.owner}=${this.owner}`, `${LABELS.kind}=cable`];
      const found = await this.#list(`/volumes?filters=${encodeURIComponent(JSON.stringify({ label }))}`);
      const { data } = volumesSchema.safeParse(found);
      this.#requireRoom(data ? (data.Volumes?.length ?? 0) : unclear(), 'cables');
      return make();
    });
  }

  #inTurn<T>(make: () => Promise<T>): Promise<T> {
    const made = this.#turn.then(make);
    this.#turn = made.catch(() => {});
    return made;
  }

  async #list(path: string): Promise<unknown> {
    const { status, body } = await this.#engine.ask(path);
    return status === FOUND ? body : unclear();
  }

  #requireRoom(there: number, what: string): void {
    if (there < this.#maxContainers) return;
    throw new Refusal(`There are ${there} ${what}, and GATE_MAX_CONTAINERS is ${this.#maxContainers}.`, BUSY);
  }

  async #volume(name: string): Promise<z.infer<typeof volumeSchema>> {
    const { status, body } = await this.#engine.ask(`/volumes/${name}`);
    if (status === MISSING) throw new NotThere(`No such volume: ${name}`);
    const { data } = volumeSchema.safeParse(body);
    if (data === undefined) throw new Refusal(`The engine says nothing of volume ${name} that the gate understands.`);
    return data;
  }
}

function unclear(): never {
  throw new Refusal('The engine does not say how many there are.', BAD_GATEWAY);
}
