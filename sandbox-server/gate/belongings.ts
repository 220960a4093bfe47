import * as z from 'zod';
import { type ContainerKind, FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { CABLE_MEMORY } from '../machines/docker/shared-cable.ts';
import type { EngineClient } from './engine-client.ts';
import { firstDifference } from './first-difference.ts';
import { NotThere, Refusal } from './refusal.ts';

export interface OwnContainer {
  readonly id: string;
  readonly kind: ContainerKind;
}

const KINDS = ['machine', 'draft', 'helper', 'probe'] as const satisfies readonly ContainerKind[];
const FOUND = 200;
const MISSING = 404;
const BUSY = 429;

const containerSchema = z.object({
  Id: z.string(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});
const volumeSchema = z.object({
  Driver: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
});
const listSchema = z.array(z.unknown());

/** What on the engine is this gate's, which is told by labels that only it gives. */
export class Belongings {
  readonly owner: string;
  readonly #engine: EngineClient;
  readonly #maxContainers: number;
  /** What a container is does not change. */
  readonly #known = new Map<string, ContainerKind>();
  /** Made through this gate and not started yet. */
  readonly #execs = new Set<string>();
  #making = 0;

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
  }

  addExec(id: string): void {
    this.#execs.add(id);
  }

  /** Once: whoever makes one starts it. */
  takeExec(id: string): void {
    if (!this.#execs.delete(id)) throw new Refusal(`Exec ${id.slice(0, 12)} was not made through this gate.`);
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
    const difference = firstDifference({ Driver, ...Options }, { Driver: 'local', ...(!isFiles && CABLE_MEMORY) });
    if (difference !== undefined) throw new Refusal(`Volume ${name} is another than the driver makes: ${difference}.`);
  }

  /** Makes a container if there is room for one more. */
  async withRoom<T>(make: () => Promise<T>): Promise<T> {
    this.#making += 1;
    try {
      const { status, body } = await this.#engine.ask(
        `/containers/json?all=true&filters=${encodeURIComponent(this.filter)}`,
      );
      const there = listSchema.safeParse(body).data?.length;
      if (status !== FOUND || there === undefined)
        throw new Refusal('The engine does not say how many there are.', 502);
      if (there + this.#making > this.#maxContainers) {
        throw new Refusal(`There are ${there} containers, and GATE_MAX_CONTAINERS is ${this.#maxContainers}.`, BUSY);
      }
      return await make();
    } finally {
      this.#making -= 1;
    }
  }

  async #volume(name: string): Promise<z.infer<typeof volumeSchema>> {
    const { status, body } = await this.#engine.ask(`/volumes/${name}`);
    if (status === MISSING) throw new NotThere(`No such volume: ${name}`);
    const { data } = volumeSchema.safeParse(body);
    if (data === undefined) throw new Refusal(`The engine says nothing of volume ${name} that the gate understands.`);
    return data;
  }
}
