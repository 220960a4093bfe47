import type { Phase } from '../../../protocol/state.ts';
import type { Locale } from '../../../protocol/text.ts';
import { english } from './en.ts';
import type { MapStrings } from './map-strings.ts';
import type { TroubleStrings } from './troubles.ts';
import { chinese } from './zh-cn.ts';

/** Every word the machine panel and the live parts of steps say. Loaded with the machine, not with the page. */
export interface Strings {
  readonly stage: {
    readonly connecting: readonly [title: string, text: string];
    readonly away: readonly [title: string, text: string];
    readonly refused: string;
    queued(queued: Extract<Phase, { kind: 'queued' }>): readonly [title: string, text: string];
    readonly starting: readonly [title: string, text: string];
    readonly slow: string;
    readonly ended: TroubleStrings['ended'];
    readonly fresh: string;
    readonly retry: string;
    readonly reload: string;
    readonly kept: string;
    readonly leaveQueue: string;
  };
  readonly trouble: TroubleStrings;
  readonly notice: {
    readonly lost: string;
    retryIn(seconds: number): string;
    readonly retrying: string;
    readonly back: string;
    elsewhere(lesson: number): string;
    goBack(lesson: number): string;
    readonly startThis: string;
    readonly tooFast: string;
    pasteTooLarge(kib: number, limitKib: number): string;
    readonly loadFailed: string;
    readonly dismiss: string;
  };
  readonly bar: {
    readonly terminals: string;
    timeLeft(minutes: number, seconds: number): string;
    readonly timeLeftLabel: string;
    extend(minutes: number): string;
    readonly reset: string;
    readonly stop: string;
    readonly ended: string;
    lowTime(minutes: number): string;
  };
  readonly dialog: {
    readonly resetTitle: string;
    readonly resetText: string;
    startHereTitle(step: number): string;
    readonly startHereText: string;
    readonly stopTitle: string;
    readonly stopText: string;
    readonly cancel: string;
  };
  readonly terminal: {
    readonly shellEnded: string;
    readonly loginAgain: string;
    shellEndedSpoken(user: string): string;
    label(user: string, machine: string): string;
    foreignSize(cols: number, rows: number): string;
  };
  readonly foot: {
    readonly leave: string;
    readonly copyPaste: string;
    readonly screenReader: string;
    readonly screenReaderOn: string;
  };
  readonly touch: { readonly command: string; readonly send: string; readonly keys: string };
  readonly step: {
    readonly earned: string;
    readonly earnedLapsed: string;
    readonly prepared: string;
    readonly startHere: string;
    preparing(seconds: number): string;
    readonly goesOn: string;
    hint(next: number, total: number): string;
    readonly noMoreHints: string;
    readonly expected: string;
    readonly seen: string;
    readonly try: string;
    readonly tried: string;
    readonly errored: string;
    readonly lapsed: string;
    readonly status: Readonly<Record<'pending' | 'running' | 'passed' | 'failed' | 'lapsed' | 'errored', string>>;
    spokenEarned(title: string): string;
    spokenLine(line: string, status: string): string;
    readonly run: string;
    readonly copy: string;
  };
  readonly map: MapStrings;
  readonly question: {
    readonly right: string;
    readonly wrong: string;
    readonly marking: string;
    readonly errored: string;
  };
}

const both = (words: (several: boolean) => Strings) => ({ one: words(false), several: words(true) });
const STRINGS = { 'zh-cn': both(chinese), en: both(english) } as const satisfies Record<Locale, unknown>;

export function pageLocale(): Locale {
  return document.documentElement.lang === 'en' ? 'en' : 'zh-cn';
}

/** In the page's language, and of as many machines as its lab has: Dock.astro says how many. */
export function strings(): Strings {
  const machines = document.querySelector<HTMLElement>('[data-machines]')?.dataset.machines;
  return STRINGS[pageLocale()][Number(machines) > 1 ? 'several' : 'one'];
}
