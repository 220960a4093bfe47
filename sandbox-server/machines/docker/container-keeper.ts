import type { Container } from 'dockerode';
import type { MachineUsage } from '../driver.ts';
import type { Keeper, LookedAt } from '../qemu/qemu-process.ts';
import type { MuxLink } from './mux/mux-link.ts';
import { removeContainer } from './run-container.ts';

const USAGE_TIMEOUT_MS = 5_000;

/** Looks after the container of a machine, through the mux in it and the engine around it. */
export class ContainerKeeper implements Keeper, LookedAt {
  readonly ended: Promise<string>;
  readonly state: Promise<LookedAt>;
  readonly #container: Container;
  readonly #link: MuxLink;
  #isStopped = false;
  #isOurs = true;
  #why: string | undefined;
  #gone: Promise<void> | undefined;
  #usage: ((usage: MachineUsage | undefined) => void)[] = [];
  #resolveEnded: (why: string) => void = () => {};

  constructor(container: Container, link: MuxLink) {
    this.#container = container;
    this.#link = link;
    this.state = Promise.resolve(this);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    link.onLine((line) => this.#hear(line));
    link.onViolation((detail) => {
      this.#why ??= `its mux: ${detail}`;
      void this.kill();
    });
    void link.over.then(({ why, isTakenOver }) => {
      this.#why ??= why;
      if (isTakenOver) this.#isOurs = false;
      void this.kill();
    });
  }

  liveUntil(time: number): void {
    this.#link.say(`live-until ${Math.floor(time)}`);
  }

  /** Of a container that another server has taken over, nothing is ended. */
  kill(): Promise<void> {
    this.#gone ??= this.#end();
    return this.#gone;
  }

  release(): void {
    this.#isOurs = false;
    this.#link.release();
  }

  async isStopped(): Promise<boolean> {
    return this.#isStopped;
  }

  usage(): Promise<MachineUsage | undefined> {
    return new Promise((resolve) => {
      const answer = (usage?: MachineUsage) => {
        clearTimeout(timer);
        resolve(usage);
      };
      const timer = setTimeout(() => {
        this.#usage = this.#usage.filter((one) => one !== answer);
        resolve(undefined);
      }, USAGE_TIMEOUT_MS).unref();
      this.#usage.push(answer);
      this.#link.say('usage');
    });
  }

  #hear(line: string): void {
    const [, processorMs, memoryBytes] = /^usage (\d{1,15}) (\d{1,15})$/.exec(line) ?? [];
    if (processorMs !== undefined) {
      this.#usage.shift()?.({ processorMs: Number(processorMs), memoryBytes: Number(memoryBytes) });
    } else if (line === 'stopped' || line === 'continued') {
      this.#isStopped = line === 'stopped';
    } else if (line.startsWith('ended ')) {
      this.#why ??= line.slice('ended '.length);
      void this.kill();
    }
  }

  async #end(): Promise<void> {
    if (this.#isOurs) {
      // What the engine does not remove now, its mux ends, and the next server finds.
      await removeContainer(this.#container).catch(() => {});
      this.#link.release();
    }
    for (const answer of this.#usage.splice(0)) answer(undefined);
    this.#resolveEnded(this.#why ?? 'it was told to end');
  }
}
