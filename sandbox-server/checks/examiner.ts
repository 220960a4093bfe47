import type { Lab, LabQuestion, LabStep, LabVerdict } from '../../labs/format/lab.ts';
import type { StepState } from '../../protocol/state.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Asides } from './asides.ts';
import { type AskOptions, ask, type Outcome, type Question } from './ask.ts';
import { changedSteps } from './changed-steps.ts';
import { judge } from './judge.ts';
import { type Mark, mark } from './mark.ts';
import { Pace } from './pace.ts';
import { probe } from './probe.ts';
import { isOpen, liveQuestions, questionsOutOfTurn, Sheet, type SheetRecord } from './sheet.ts';
import { runBefore, type Subject, type Witness } from './witness.ts';

export interface ExaminerOptions extends Omit<AskOptions, 'timeoutMs' | 'signal'> {
  readonly lab: Lab;
  /** What an earlier server saw of this sandbox, or what was done before it began. */
  readonly sheet?: SheetRecord;
  readonly checkTimeoutMs: number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Steps this attempt has earned, in this sandbox or an earlier one. */
  earned(): ReadonlySet<string>;
  onEarned(step: string): void;
  /** What `states()` returns has changed. */
  onChange(): void;
  /** Something could not be asked of a machine. */
  couldNotAsk?(machine: string): void;
  /** Told of every script that was run. Default: nobody. */
  readonly witness?: Witness | undefined;
}

/**
 * Asks the checks of one sandbox: by itself after something happened in a terminal, and on demand. Everything goes
 * through one loop, so that nothing is ever asked twice at the same time.
 */
export class Examiner implements Disposable {
  #options: ExaminerOptions;
  readonly #sheet: Sheet;
  readonly #stop = new AbortController();
  /** Steps the learner wants checked now, by id, in order. */
  readonly #demanded = new Set<string>();
  /** What else somebody waits to hear about, in order. */
  readonly #errands: (() => Promise<void>)[] = [];
  /** Steps, by id, whose verdict has been run since their checks last began to hold. */
  readonly #judged = new Set<string>();
  readonly #pace = new Pace();
  readonly #asides = new Asides();
  /** How much of this round were verdicts. */
  #judgedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isWorking = false;
  #isJudging = false;
  #isWatched = true;

  constructor(options: ExaminerOptions) {
    this.#options = options;
    this.#sheet = new Sheet(options.lab, options.sheet);
    for (const step of options.lab.steps) if (this.#sheet.isDone(step)) this.#judged.add(step.id);
  }

  /** What a later server goes on from. */
  get record(): SheetRecord {
    return this.#sheet.kept;
  }

  states(): StepState[] {
    return this.#sheet.states(this.#options.earned());
  }

  /** A verdict is at work, which makes what it needs in the machines. */
  get isJudging(): boolean {
    return this.#isJudging;
  }

  /** Something happened in a terminal. */
  noteActivity(): void {
    this.#pace.noteActivity(Date.now());
    this.#schedule();
  }

  /** A machine that could not be asked can be now: whoever had asked is answered. */
  askAgain(): void {
    for (const step of this.#options.lab.steps) if (this.#sheet.forgetErrors(step)) this.demand(step);
    this.noteActivity();
  }

  /** Nobody looks: nothing is asked until somebody does. */
  setWatched(isWatched: boolean): void {
    this.#isWatched = isWatched;
    this.#schedule();
  }

  /** Checks a step now and, when they all hold, runs its verdict. */
  demand(step: LabStep): void {
    this.#demanded.add(step.id);
    this.#markRunning(step);
    void this.#work();
  }

  /**
   * The lab's author has changed it. What is asked in another way is asked anew, in the machine as it is and whether or
   * not anybody looks.
   */
  revise(lab: Lab): void {
    const changed = changedSteps(this.#options.lab, lab);
    this.#options = { ...this.#options, lab, kit: lab.kit };
    this.#sheet.revise(lab, changed);
    for (const step of lab.steps.filter(({ id }) => changed.has(id))) {
      this.#judged.delete(step.id);
      this.demand(step);
    }
    this.#options.onChange();
  }

  /** Runs one script now, for the lab's author: no line changes by it. */
  probe(subject: Subject): void {
    this.#errands.push(() => {
      const { lab, checkTimeoutMs: timeoutMs } = this.#options;
      const runOf = (one: Subject) => this.#runOf(one);
      return probe(lab, subject, { ...this.#options, timeoutMs, runOf, signal: this.#stop.signal });
    });
    void this.#work();
  }

  /** Whether an answer is right. Rejects when the sandbox is over first. */
  mark(question: LabQuestion, answer: string): Promise<Mark> {
    const { promise, resolve, reject } = Promise.withResolvers<Mark>();
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    this.#errands.push(async () => {
      const timeoutMs = this.#options.checkTimeoutMs;
      const run = this.#runOf({ kind: 'question', step: null, id: question.id });
      const marked = await mark(question, answer, { ...this.#options, run, timeoutMs, signal });
      if (marked.status === 'errored') this.#noteProblem(question, marked.detail);
      resolve(marked);
    });
    void this.#work();
    return promise;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isWatched || this.#isWorking || this.#stop.signal.aborted) return;
    const now = Date.now();
    const live = this.#pace.isStale;
    const at = live ? this.#pace.dueAt(now) : this.#asides.dueAt;
    if (at === null) return;
    this.#timer = setTimeout(() => void this.#work(live ? 'live' : 'aside'), Math.max(0, at - now));
  }

  async #work(round?: 'live' | 'aside'): Promise<void> {
    if (this.#isWorking || this.#stop.signal.aborted) return;
    this.#isWorking = true;
    const startedAt = Date.now();
    try {
      if (round === 'live') await this.#liveRound();
      if (round === 'aside') await this.#askAside();
      for (const id of this.#demanded) {
        // First, so that a demand made while its round still runs is not lost.
        this.#demanded.delete(id);
        const step = this.#options.lab.steps.find((one) => one.id === id);
        if (step !== undefined) await this.#demandedRound(step);
      }
      for (let errand = this.#errands.shift(); errand; errand = this.#errands.shift()) await errand();
    } catch (cause) {
      // The machine ended or the sandbox is being disposed: whoever owns it knows already.
      if (!this.#stop.signal.aborted) this.#options.log.debug({ err: cause }, 'checks stopped');
      this.#stop.abort();
    }
    this.#isWorking = false;
    // A line that nobody waits for, and a verdict, which runs once, are no reason to let somebody wait for theirs.
    if (round !== 'aside') this.#pace.rest({ startedAt: startedAt + this.#judgedMs, endedAt: Date.now() });
    this.#judgedMs = 0;
    if (this.#isAwaited) void this.#work();
    else this.#schedule();
  }

  /** Somebody pressed a button and looks at what comes. */
  get #isAwaited(): boolean {
    return this.#demanded.size > 0 || this.#errands.length > 0;
  }

  async #liveRound(): Promise<void> {
    this.#pace.roundBegins();
    const { lab, earned } = this.#options;
    const questions = liveQuestions(lab, this.#sheet, earned());
    for (const { step, check } of questions) {
      if (this.#isAwaited) return this.#goOnLater();
      const outcome = await this.#ask(step, check);
      // A check that could not be asked just now leaves its line alone; pressing the button tells.
      if (outcome.status !== 'errored' && this.#sheet.record(step, check.id, outcome)) this.#options.onChange();
    }
    const asked = new Set(questions.map(({ step }) => step));
    for (const step of lab.steps) if (asked.has(step) || this.#isLeftOpen(step)) await this.#concludeLive(step);
    this.#asides.noteChange(Date.now());
  }

  async #askAside(): Promise<void> {
    const startedAt = Date.now();
    const { lab, earned } = this.#options;
    const question = this.#asides.take(questionsOutOfTurn(lab, this.#sheet, earned()), startedAt);
    if (question === undefined) return;
    const { step, check } = question;
    const outcome = await this.#ask(step, check);
    const isNews = this.#sheet.hasTurned(step, check, outcome);
    if (!isNews) this.#sheet.noteAside(step, check.id, outcome);
    else if (this.#asides.isSure(question)) this.#showTurn(step, check.id, outcome);
    this.#asides.asked(question, { isNews, startedAt, now: Date.now() });
  }

  /** The lines beside it are the learner's business from now on. */
  #showTurn(step: LabStep, check: string, outcome: Outcome): void {
    this.#sheet.recordTurn(step, check, outcome);
    this.#options.onChange();
    this.noteActivity();
  }

  /** Its last line began to hold in a round that came to no end: somebody pressed a button, or the server was killed. */
  #isLeftOpen(step: LabStep): boolean {
    const isOver = this.#sheet.isPrepared(step) || this.#options.earned().has(step.id);
    return step.checks.length > 0 && this.#sheet.allPassed(step) && !isOver;
  }

  /** A person who waits comes first. */
  #goOnLater(): void {
    this.noteActivity();
  }

  async #concludeLive(step: LabStep): Promise<void> {
    // Nobody earns it here, so its attack would be for nothing.
    if (this.#sheet.isPrepared(step)) return;
    if (!this.#sheet.allPassed(step)) {
      this.#judged.delete(step.id);
      return;
    }
    if (step.verdict !== null && !this.#judged.has(step.id)) await this.#judge(step, step.verdict);
    this.#noteEarned(step);
  }

  async #demandedRound(step: LabStep): Promise<void> {
    for (const check of step.checks) {
      if (!isOpen(this.#sheet, step, check)) continue;
      const outcome = await this.#ask(step, check);
      if (this.#sheet.record(step, check.id, outcome)) this.#options.onChange();
    }
    if (this.#sheet.allPassed(step)) {
      if (step.verdict !== null) await this.#judge(step, step.verdict);
      this.#noteEarned(step);
    } else {
      this.#judged.delete(step.id);
    }
  }

  async #judge(step: LabStep, verdict: LabVerdict): Promise<void> {
    const startedAt = Date.now();
    this.#isJudging = true;
    this.#judged.add(step.id);
    for (const { id } of verdict.parts) this.#sheet.markRunning(step, id);
    this.#options.onChange();
    const judged = judge(verdict, {
      ...this.#options,
      run: this.#runOf({ kind: 'proof', step: step.id, id: 'proof' }),
      ask: (part, proof) => this.#ask(step, part, { timeoutMs: part.timeoutMs, proof }),
      proofFailed: (detail) => this.#noteProblem({ id: step.id }, detail),
    });
    const unasked = new Set(verdict.parts.map(({ id }) => id));
    for await (const { part, outcome } of judged) {
      unasked.delete(part.id);
      if (this.#sheet.record(step, part.id, outcome)) this.#options.onChange();
    }
    this.#isJudging = false;
    this.#judgedMs += Date.now() - startedAt;
    for (const id of unasked) this.#sheet.markPending(step, id);
    if (unasked.size > 0) this.#options.onChange();
  }

  #noteEarned(step: LabStep): void {
    if (!this.#sheet.isDone(step) || this.#sheet.isPrepared(step) || this.#options.earned().has(step.id)) return;
    this.#options.onEarned(step.id);
    this.#options.onChange();
    // The next step's lines are asked at once: some of them may hold already.
    this.noteActivity();
  }

  async #ask(
    step: LabStep,
    question: Question,
    more: Partial<Pick<AskOptions, 'timeoutMs' | 'proof'>> = {},
  ): Promise<Outcome> {
    const startedAt = performance.now();
    const timeoutMs = this.#options.checkTimeoutMs;
    const run = this.#runOf({ kind: question.tried ? 'part' : 'check', step: step.id, id: question.id });
    const outcome = await ask(question, { ...this.#options, run, timeoutMs, ...more, signal: this.#stop.signal });
    this.#stop.signal.throwIfAborted();
    const labels = { lab: this.#options.lab.id, outcome: outcome.status };
    this.#options.metrics.observe('drydock_check_seconds', labels, (performance.now() - startedAt) / 1000);
    if (outcome.status === 'errored') this.#noteProblem(question, outcome.detail);
    return outcome;
  }

  #runOf(subject: Subject): AskOptions['run'] {
    const { witness, run } = this.#options;
    return witness ? runBefore(witness, subject, run) : run;
  }

  #noteProblem({ id: check, machine }: { readonly id: string; readonly machine?: string }, detail: string): void {
    if (this.#stop.signal.aborted) return;
    this.#options.log.warn({ check, detail }, 'a check could not be asked');
    if (machine !== undefined) this.#options.couldNotAsk?.(machine);
  }

  #markRunning(step: LabStep): void {
    for (const check of step.checks) {
      if (isOpen(this.#sheet, step, check)) this.#sheet.markRunning(step, check.id);
    }
    this.#options.onChange();
  }
}
