import type { Lab } from '../../labs/format/lab.ts';
import type { AuthorTemplate } from '../../protocol/author.ts';
import { type Preparation, type PreparationStage, templateIdentity } from '../../sandbox-server/images/templates.ts';
import type { Templates } from '../../sandbox-server/machines/templates.ts';
import { Turns } from '../../sandbox-server/turns.ts';
import { STAGES } from '../serve/preparation-steps.ts';

export interface NextTemplatesOptions {
  readonly templates: Pick<Templates, 'forLab'>;
  /** Runs what makes templates where somebody sees how far it is. */
  during<T>(work: () => Promise<T>): Promise<T>;
  onChange(): void;
  /** For the terminal. */
  say(text: string): void;
}

const WAITING: AuthorTemplate = { status: 'waiting', keys: null, since: null, detail: null };

/** Makes what the next sandbox of each lab is forked from, one lab at a time, as soon as its files say something new. */
export class NextTemplates {
  readonly #options: NextTemplatesOptions;
  readonly #turns = new Turns(1);
  readonly #states = new Map<string, AuthorTemplate>();
  /** What was wanted last of each lab. */
  readonly #wanted = new Map<string, string>();
  #making: string | undefined;

  constructor(options: NextTemplatesOptions) {
    this.#options = options;
  }

  of(lab: string): AuthorTemplate {
    return this.#states.get(lab) ?? WAITING;
  }

  /** Something is being made, and shown elsewhere: here, too. */
  alsoTold(stage: PreparationStage, name: string, shown: Preparation): Preparation {
    const lab = this.#making;
    const title = STAGES[stage].title(name);
    const tell = (detail: string) => lab !== undefined && this.#set(lab, { ...this.of(lab), detail });
    tell(title);
    return {
      report: (line) => {
        shown.report(line);
        tell(`${title}: ${line}`);
      },
      end: () => shown.end(),
    };
  }

  /** True when the lab's machines are made in another way than when this was last called for it. */
  async prepare(lab: Lab): Promise<boolean> {
    const identity = templateIdentity(lab);
    if (this.#wanted.get(lab.id) === identity && this.of(lab.id).status !== 'failed') return false;
    this.#wanted.set(lab.id, identity);
    this.#set(lab.id, WAITING);
    using _turn = await this.#turns.take();
    // Edited again while others were made.
    if (this.#wanted.get(lab.id) === identity) await this.#make(lab);
    return true;
  }

  async #make(lab: Lab): Promise<void> {
    this.#making = lab.id;
    this.#set(lab.id, { ...WAITING, status: 'making', since: Date.now() });
    try {
      const refs = await this.#options.during(() => this.#options.templates.forLab(lab));
      const keys = Object.fromEntries([...refs].map(([role, { key }]) => [role, key]));
      this.#set(lab.id, { ...WAITING, status: 'ready', keys });
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      this.#options.say(`${lab.id}: ${detail}`);
      this.#set(lab.id, { ...WAITING, status: 'failed', detail });
    } finally {
      this.#making = undefined;
    }
  }

  #set(lab: string, state: AuthorTemplate): void {
    this.#states.set(lab, state);
    this.#options.onChange();
  }
}
