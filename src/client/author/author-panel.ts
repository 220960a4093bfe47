import type { AuthorRun, AuthorState, AuthorSubject } from '../../../protocol/author.ts';
import { adoptStyles } from '../dom/adopt-styles.ts';
import { button, element } from '../dom/element.ts';
import { readPreference, writePreference } from '../dom/preference.ts';
import { lessonContext } from '../page/lesson-context.ts';
import authorCss from './author.css?inline';
import { AuthorChannel } from './author-channel.ts';
import { problemList } from './problem-list.ts';
import { isOf, runView, subjectName } from './run-view.ts';
import { subjectList } from './subject-list.ts';
import { templateLine } from './template-line.ts';

/** For whoever writes the lab of this page: `npm run dev` adds it, and nothing else does. English, as its terminal is. */
class AuthorPanel {
  readonly #root = element('aside', { class: 'author', 'aria-label': 'Author', 'data-author': true });
  #channel: AuthorChannel | undefined;
  #state: AuthorState | undefined;
  #isOpen = readPreference('author-open') === 'yes';
  /** File of the script whose runs are shown; null for whichever ran last. */
  #chosen: string | null = null;
  #notice = '';

  /** A page has appeared, perhaps of another lab. */
  pageChanged(): void {
    adoptStyles('author', authorCss);
    const lab = lessonContext()?.lab ?? null;
    if (lab !== (this.#channel?.lab ?? null)) {
      this.#channel?.close();
      this.#state = undefined;
      this.#channel = lab === null ? undefined : new AuthorChannel(lab, (state) => this.#heard(state));
    }
    if (lab === null) this.#root.remove();
    else document.body.append(this.#root);
    this.#render();
  }

  #heard(state: AuthorState): void {
    this.#state = state;
    this.#render();
  }

  #render(): void {
    const state = this.#state;
    const count = state?.problems.length ?? 0;
    const label = count === 0 ? 'Author' : `Author: ${count} ${count === 1 ? 'problem' : 'problems'}`;
    const toggle = button(label, () => this.#toggle(), { class: 'author-toggle', 'aria-expanded': `${this.#isOpen}` });
    if (count > 0) toggle.dataset.wrong = '';
    const scrolled = this.#root.querySelector('.author-runs')?.scrollTop ?? 0;
    this.#root.replaceChildren(toggle, ...(this.#isOpen && state ? this.#body(state) : []));
    this.#root.querySelector('.author-runs')?.scrollTo({ top: scrolled });
  }

  #body(state: AuthorState): HTMLElement[] {
    const chosen = state.subjects.find(({ file }) => file === this.#chosen) ?? lastAsked(state);
    const runs = chosen ? state.runs.filter((run) => isOf(run, chosen)) : [];
    const list = subjectList(state, chosen, (subject) => this.#choose(subject));
    return [
      templateLine(state, () => this.#ask((channel) => channel.reset())),
      ...(this.#notice === '' ? [] : [element('p', { class: 'author-notice', role: 'status' }, this.#notice)]),
      problemList(state.problems),
      element('div', { class: 'author-columns' }, list, this.#runs(chosen, runs)),
    ];
  }

  #runs(subject: AuthorSubject | undefined, runs: readonly AuthorRun[]): HTMLElement {
    if (subject === undefined) return element('section', { class: 'author-runs' });
    const run = () => this.#ask((channel) => channel.probe(subject));
    const canRun = subject.kind !== 'proof';
    return element(
      'section',
      { class: 'author-runs', 'aria-label': subjectName(subject) },
      element(
        'h2',
        {},
        subjectName(subject),
        ...(canRun ? [button('Run now', run, { 'data-run-now': subject.file })] : []),
      ),
      ...(runs.length === 0 ? [element('p', {}, 'It has not been run in this sandbox.')] : runs.map(runView)),
    );
  }

  #toggle(): void {
    this.#isOpen = !this.#isOpen;
    writePreference('author-open', this.#isOpen ? 'yes' : 'no');
    this.#render();
  }

  #choose({ file }: AuthorSubject): void {
    this.#chosen = file;
    this.#render();
  }

  async #ask(what: (channel: AuthorChannel) => Promise<string | null>): Promise<void> {
    this.#notice = (this.#channel && (await what(this.#channel))) ?? '';
    this.#render();
  }
}

function lastAsked({ runs, subjects }: AuthorState): AuthorSubject | undefined {
  const [last] = runs;
  return (last && subjects.find((subject) => isOf(last, subject))) ?? subjects[0];
}

const panel = new AuthorPanel();
document.addEventListener('astro:page-load', () => panel.pageChanged());
