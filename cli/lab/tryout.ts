import { randomBytes } from 'node:crypto';
import type { Lab, LabLine, LabQuestion, LabVerdict } from '../../labs/format/lab.ts';
import { ask, type Outcome, type Question, scriptVariables } from '../../sandbox-server/checks/ask.ts';
import { judge } from '../../sandbox-server/checks/judge.ts';
import { type Mark, mark } from '../../sandbox-server/checks/mark.ts';
import { makeSecrets } from '../../sandbox-server/checks/secrets.ts';
import type { Typed } from '../../sandbox-server/checks/typist.ts';
import { Typists } from '../../sandbox-server/checks/typists.ts';
import type { Driver, Machine, RunRequest, RunResult } from '../../sandbox-server/machines/driver.ts';
import type { Templates } from '../../sandbox-server/machines/templates.ts';

/** What makes machines, for commands that need some. */
export interface Engine {
  readonly driver: Driver;
  readonly templates: Templates;
}

/** As for checks: generous, so that a busy host is no reason to fail. */
const MARK_TIMEOUT_MS = 20_000;

export interface TryoutOptions {
  readonly signal: AbortSignal;
  /** Start where this step starts. */
  readonly step?: string | undefined;
}

export interface Judgement {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Of the proof: not put, or not removed. */
  readonly problems: readonly string[];
}

/** Fresh machines of a lab with an author, or a test, in the learner's place. Disposing ends them. */
export class Tryout implements AsyncDisposable {
  readonly machines: ReadonlyMap<string, Machine>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly #lab: Lab;
  readonly #typists: Typists;
  readonly #signal: AbortSignal;

  private constructor(
    lab: Lab,
    machines: ReadonlyMap<string, Machine>,
    secrets: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) {
    this.#lab = lab;
    this.machines = machines;
    this.secrets = secrets;
    this.#signal = signal;
    const terminals = [...machines.values()].flatMap((machine) => machine.terminals);
    this.#typists = new Typists(lab.id, terminals);
  }

  /** Fresh machines as the lab begins, or as they are where a step starts. */
  static async start(lab: Lab, { driver, templates }: Engine, { signal, step }: TryoutOptions): Promise<Tryout> {
    const refs = await templates.forLab(lab, step);
    const { filesByRole, contents } = makeSecrets(lab.machines);
    const id = `r${randomBytes(6).toString('hex')}`;
    using network = driver.network();
    await using started = new AsyncDisposableStack();
    const machines = new Map<string, Machine>();
    for (const [index, { role }] of lab.machines.entries()) {
      const template = refs.get(role);
      if (template === undefined) throw new Error(`Lab ${lab.id} has no template for its machine "${role}".`);
      const options = { id: `${id}-${index}`, files: filesByRole.get(role) ?? [], network, signal };
      machines.set(role, started.use(await driver.fork(template, options)));
    }
    started.move();
    return new Tryout(lab, machines, contents, signal);
  }

  machine(role: string): Machine {
    const machine = this.machines.get(role);
    if (machine === undefined) throw new Error(`Lab ${this.#lab.id} has no machine "${role}".`);
    return machine;
  }

  run(role: string, request: RunRequest): Promise<RunResult> {
    return this.machine(role).run({ signal: this.#signal, ...request });
  }

  ask(question: Question, timeoutMs: number, proof?: string): Promise<Outcome> {
    const more = { timeoutMs, signal: this.#signal, ...(proof !== undefined && { proof }) };
    return ask(question, { ...this.#surroundings, ...more });
  }

  /** Outcomes by the parts that were asked, as the server would ask them or, with `everyPart`, all of them. */
  async judge(verdict: LabVerdict, { everyPart = false } = {}): Promise<Judgement> {
    const outcomes = new Map<string, Outcome>();
    const problems: string[] = [];
    const judged = judge(verdict, {
      ...{ ...this.#surroundings, everyPart },
      ask: (part, proof) => this.ask(part, part.timeoutMs, proof),
      proofFailed: (detail) => problems.push(detail),
    });
    for await (const { part, outcome } of judged) outcomes.set(part.id, outcome);
    return { outcomes, problems };
  }

  mark(question: LabQuestion, answer: string): Promise<Mark> {
    const more = { timeoutMs: MARK_TIMEOUT_MS, signal: this.#signal };
    return mark(question, answer, { ...this.#surroundings, ...more });
  }

  get #surroundings() {
    const run = (role: string, request: RunRequest) => this.run(role, request);
    return { kit: this.#lab.kit, secrets: this.secrets, run };
  }

  /** A script with the lab's kit and secrets, as checks have them. */
  runWithKit(role: string, script: string, timeoutMs: number): Promise<RunResult> {
    return this.run(role, { script: `${this.#lab.kit}\n${script}`, env: scriptVariables(this.secrets), timeoutMs });
  }

  type(line: LabLine): Promise<Typed> {
    return this.#typists.type(line, this.#signal);
  }

  async typeAll(lines: readonly LabLine[]): Promise<void> {
    for (const line of lines) await this.type(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => machine[Symbol.asyncDispose]()));
  }
}
