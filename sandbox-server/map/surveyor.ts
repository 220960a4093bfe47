import { isDeepStrictEqual } from 'node:util';
import type { Lab } from '../../labs/format/lab.ts';
import type { HostMap } from '../../protocol/host-map.ts';
import type { Log } from '../log.ts';
import type { RunRequest, RunResult } from '../machines/driver.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Facts, parseFacts } from './facts.ts';
import type { FirstSurveys } from './first-surveys.ts';
import { Known, type OpenQuestion } from './known.ts';
import { parseAnswers, SCRIPTS } from './scripts.ts';
import { SurveyPace } from './survey-pace.ts';

export interface SurveyorOptions {
  readonly lab: Lab;
  /** Of what the machines were forked from, and whose first survey serves them all; undefined where nobody knows. */
  readonly template: string | undefined;
  readonly firstSurveys: FirstSurveys;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether somebody has done something in the machines: then they are like no others. */
  hasActed(): boolean;
  /** A verdict is at work: what it makes for itself is not what the learner has. */
  isHeld(): boolean;
  /** The map is another one. */
  onChange(): void;
  run(machine: string, request: RunRequest): Promise<RunResult>;
}

/** A survey takes a fifth of a second, and on a host that is very busy much longer. */
const TIMEOUT_MS = 30_000;
/** A fork's first moments are the learner's, who waits for a prompt. */
const FIRST_AFTER_MS = 1_500;
const HELD_MS = 500;

/**
 * Keeps the map of one sandbox: looks at its machines after something happened in a terminal, while somebody looks, and
 * else not at all.
 */
export class Surveyor implements Disposable {
  readonly #options: SurveyorOptions;
  readonly #stop = new AbortController();
  readonly #pace = new SurveyPace();
  #known: Known;
  #map: HostMap | null = null;
  /** Roles of machines in whose terminals something happened since they were looked at. */
  #stale = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isWorking = false;
  #isWatched = false;
  #hasBegun = false;

  constructor(options: SurveyorOptions) {
    this.#options = options;
    this.#known = new Known(options.lab.machines);
  }

  /** Null before there has been a survey. */
  get map(): HostMap | null {
    return this.#map;
  }

  /** Something happened in a terminal of this machine; or in any, for all that is known. */
  noteActivity(role?: string): void {
    for (const machine of this.#options.lab.machines)
      if (role === undefined || role === machine.role) this.#stale.add(machine.role);
    this.#pace.noteActivity(Date.now());
    this.#pace.startOver();
    this.#schedule();
  }

  setWatched(isWatched: boolean): void {
    this.#isWatched = isWatched;
    if (isWatched) this.#begin();
    this.#schedule();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { template, firstSurveys } = this.#options;
    if (this.#options.hasActed()) {
      this.noteActivity();
      return;
    }
    const first = template === undefined ? this.#first() : firstSurveys.get(template, () => this.#first());
    first.then(
      (known) => this.#take(known),
      () => this.#lookAnew(),
    );
  }

  async #first(): Promise<Known> {
    await untilLater(FIRST_AFTER_MS, this.#stop.signal);
    this.#isWorking = true;
    try {
      const known = await this.#survey(
        this.#known,
        this.#options.lab.machines.map(({ role }) => role),
      );
      if (this.#options.hasActed()) throw new Error('somebody has done something in it meanwhile');
      if (!known.isAnswered) throw new Error('a port has not answered in time');
      return known;
    } finally {
      this.#isWorking = false;
      this.#schedule();
    }
  }

  /** Whoever was to be surveyed for all is gone, or was disturbed. */
  #lookAnew(): void {
    if (!this.#stop.signal.aborted && this.#map === null) this.noteActivity();
  }

  /** What a survey of this one found is newer than what is found in others. */
  #take(known: Known): void {
    if (this.#map !== null || this.#stop.signal.aborted) return;
    this.#show(known);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isWatched || this.#isWorking || this.#stop.signal.aborted) return;
    const now = Date.now();
    const at = this.#pace.dueAt(now);
    if (at === null) return;
    const wait = Math.max(at - now, this.#options.isHeld() ? HELD_MS : 0);
    this.#timer = setTimeout(() => void this.#round(), wait);
  }

  async #round(): Promise<void> {
    if (this.#options.isHeld()) return this.#schedule();
    this.#isWorking = true;
    const startedAt = Date.now();
    this.#pace.roundBegins();
    const before = this.#map;
    let hasFailed = false;
    const roles = [...new Set([...this.#known.hosts, ...this.#stale])];
    this.#stale = new Set();
    try {
      await this.#survey(this.#known, roles, (known) => this.#show(known));
    } catch (cause) {
      // The machine has ended or is too busy: what was seen last stays, and it is tried again.
      hasFailed = true;
      for (const role of roles) this.#stale.add(role);
      this.#options.log.debug({ err: cause }, 'a survey came to no end');
    }
    this.#isWorking = false;
    const isSettled = !hasFailed && this.#known.isSettled && isDeepStrictEqual(before, this.#map);
    this.#pace.roundEnds({ startedAt, now: Date.now(), isSettled });
    this.#schedule();
  }

  #show(known: Known): void {
    this.#known = known;
    const { map } = known;
    if (isDeepStrictEqual(map, this.#map)) return;
    this.#map = map;
    this.#options.onChange();
  }

  /** `found` is told as soon as there is something to show: what is asked of ports may take a moment. */
  async #survey(known: Known, roles: readonly string[], found: (known: Known) => void = () => {}): Promise<Known> {
    const facts = await Promise.all(roles.map(async (role) => [role, await this.#look(role)] as const));
    let now = known.withFacts(new Map(facts));
    for (const { role } of this.#options.lab.machines) {
      const ports = now.portQuestions(role);
      const knocks = now.knockQuestions(role);
      if (ports.length + knocks.length > 0) found(now);
      now = now.withPorts(await this.#ask(role, 'probe', ports, ['plain', 'tls', 'mutual', 'other', 'silent']));
      now = now.withKnocks(await this.#ask(role, 'knock', knocks, ['open', 'shut']));
    }
    found(now);
    return now;
  }

  async #look(role: string): Promise<Facts> {
    const startedAt = performance.now();
    const { status, stdout, stderr } = await this.#run(role, { script: SCRIPTS.survey });
    this.#options.metrics.observe(
      'drydock_survey_seconds',
      { lab: this.#options.lab.id },
      (performance.now() - startedAt) / 1000,
    );
    const facts = parseFacts(stdout);
    if (facts === undefined) throw new Error(`machine "${role}" told nothing (${status}): ${stderr.slice(-200)}`);
    return facts;
  }

  /** By the questions' keys. */
  async #ask<Answer extends string>(
    role: string,
    script: 'probe' | 'knock',
    questions: readonly OpenQuestion[],
    known: readonly Answer[],
  ): Promise<Map<string, Answer>> {
    if (questions.length === 0) return new Map();
    const env = { DRYDOCK_PLACES: questions.map(({ place }) => place).join(' ') };
    const { stdout } = await this.#run(role, { script: SCRIPTS[script], env });
    const answers = parseAnswers(stdout, known);
    const told = questions.flatMap(({ key, place }) => {
      const answer = answers.get(place);
      return answer === undefined ? [] : [[key, answer] as const];
    });
    return new Map(told);
  }

  #run(role: string, request: Omit<RunRequest, 'timeoutMs' | 'signal'>): Promise<RunResult> {
    return this.#options.run(role, { ...request, timeoutMs: TIMEOUT_MS, signal: this.#stop.signal });
  }
}

function untilLater(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      reject(signal.reason);
    },
    { once: true },
  );
  return promise;
}
