import { lineView } from './line-view.mjs';
import { terminalView } from './terminal-view.mjs';

/**
 * @typedef {object} Step
 * @property {string} title what happens, in the words of the person who waits: "Building the machine image"
 * @property {number} expectedSeconds an honest guess for the first time; later runs go by the last one
 * @property {string} [id] under which the duration is remembered; default: the title
 *
 * @typedef {object} RunningStep
 * @property {string} label "2/5"
 * @property {string} title
 * @property {number} expectedSeconds
 *
 * @typedef {(detail: string) => void} Report tells what the step is at, in a few words
 *
 * @typedef {object} View
 * @property {(step: RunningStep) => void} started
 * @property {(step: RunningStep, text: string) => void} detail
 * @property {(step: RunningStep, seconds: number) => void} done
 * @property {(step: RunningStep, seconds: number) => void} failed
 */

/** Steps shorter than this found their work done already; that says nothing about how long the work takes. */
const SHORTEST_WORK_SECONDS = 0.5;

/** Shows the steps of a command one after the other. */
export class Progress {
  /** @type {View} */ #view;
  /** @type {import('./history.mjs').History} */ #history;
  #started = 0;
  #expected = 0;
  /** @type {number} */ #startedMs;

  /**
   * @param {object} options
   * @param {View} options.view
   * @param {import('./history.mjs').History} options.history
   * @param {number} [options.alreadyDone] steps that an earlier process of the same command has shown
   * @param {number} [options.startedMs] when the command began, in that process
   */
  constructor({ view, history, alreadyDone = 0, startedMs = Date.now() }) {
    this.#startedMs = startedMs;
    this.#view = view;
    this.#history = history;
    this.#started = alreadyDone;
    this.#expected = alreadyDone;
  }

  /** Announces that this many more steps are coming. @param {number} count */
  expect(count) {
    this.#expected += count;
  }

  get startedMs() {
    return this.#startedMs;
  }

  /** Since the command began. */
  get elapsedSeconds() {
    return (Date.now() - this.#startedMs) / 1000;
  }

  /** How many steps were shown so far. */
  get shown() {
    return this.#started;
  }

  /**
   * @template T
   * @param {Step} step
   * @param {(report: Report) => Promise<T>} work its rejection marks the step as failed and is passed on
   * @returns {Promise<T>}
   */
  async step({ title, expectedSeconds, id = title }, work) {
    this.#started += 1;
    this.#expected = Math.max(this.#expected, this.#started);
    const last = this.#history.lastSeconds(id);
    const running = {
      label: `${this.#started}/${this.#expected}`,
      title,
      expectedSeconds: last === undefined ? expectedSeconds : last,
    };
    const startedMs = Date.now();
    const elapsed = () => (Date.now() - startedMs) / 1000;
    this.#view.started(running);
    try {
      const result = await work((detail) => this.#view.detail(running, detail));
      this.#view.done(running, elapsed());
      if (elapsed() >= SHORTEST_WORK_SECONDS) this.#history.remember(id, elapsed());
      return result;
    } catch (error) {
      this.#view.failed(running, elapsed());
      throw error;
    }
  }
}

/**
 * A live line on a terminal, plain lines elsewhere.
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 */
export function viewFor(stream) {
  return stream.isTTY && process.env.TERM !== 'dumb' ? terminalView(stream) : lineView(stream);
}
