/** `warning`: it works, and somebody should look. */
export type HealthStatus = 'ok' | 'warning' | 'failing';

export interface Finding {
  readonly status: HealthStatus;
  /** What is wrong and what to do, for an operator; no paths, nobody's data: strangers may read it. */
  readonly words: string;
}

export interface HealthReport {
  /** The worst of all. */
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, Finding>>;
}

export type Examination = () => Finding | Promise<Finding>;

/** Whoever asks more often gets the last answer: strangers may ask, and an examination writes to the disk. */
const FRESH_MS = 1_000;
const TIMEOUT_MS = 5_000;
const ORDER: readonly HealthStatus[] = ['ok', 'warning', 'failing'];

/** What /healthz answers. That it answers at all says that the event loop runs. */
export class Health {
  readonly #examinations: Readonly<Record<string, Examination>>;
  readonly #timeoutMs: number;
  #last: { readonly at: number; readonly report: HealthReport } | undefined;
  #running: Promise<HealthReport> | undefined;

  constructor(examinations: Readonly<Record<string, Examination>>, timeoutMs = TIMEOUT_MS) {
    this.#examinations = examinations;
    this.#timeoutMs = timeoutMs;
  }

  async report(now = () => performance.now()): Promise<HealthReport> {
    if (this.#last !== undefined && now() - this.#last.at < FRESH_MS) return this.#last.report;
    this.#running ??= this.#examine().finally(() => {
      this.#running = undefined;
    });
    const report = await this.#running;
    this.#last = { at: now(), report };
    return report;
  }

  async #examine(): Promise<HealthReport> {
    const findings = Object.entries(this.#examinations).map(
      async ([name, examine]) => [name, await find(examine, this.#timeoutMs)] as const,
    );
    const checks = Object.fromEntries(await Promise.all(findings));
    const worst = Math.max(...Object.values(checks).map(({ status }) => ORDER.indexOf(status)));
    return { status: ORDER[worst] ?? 'ok', checks };
  }
}

async function find(examine: Examination, timeoutMs: number): Promise<Finding> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms.`)), timeoutMs);
  try {
    return await Promise.race([Promise.resolve().then(examine), late]);
  } catch (cause) {
    return { status: 'failing', words: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    clearTimeout(timer);
  }
}
