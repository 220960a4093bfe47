import type { StepKind } from '../../labs/format/lab.ts';
import type { Locale } from '../../protocol/text.ts';
import type { Axis } from '../curriculum.ts';
import { EN } from './site-texts-en.ts';
import { ZH_CN } from './site-texts-zh-cn.ts';

interface Idle {
  readonly title: string;
  readonly lead: string;
  readonly start: string;
}

/** Every word the site itself says, apart from lessons (content/) and the machine panel (client/strings/). */
export interface SiteTexts {
  readonly course: string;
  readonly skip: string;
  readonly lessons: string;
  readonly themeToggle: string;
  readonly footer: string;
  readonly home: {
    readonly title: string;
    readonly description: string;
    readonly headline: readonly [string, string];
    readonly lead: string;
    readonly begin: string;
    readonly drawing: string;
    readonly waterline: string;
    readonly howTitle: string;
    readonly how: readonly { readonly title: string; readonly text: string }[];
    readonly axesTitle: string;
    readonly axesLead: string;
    readonly lessonsTitle: string;
    readonly planned: string;
    readonly withMachine: string;
    readonly honest: string;
  };
  readonly axes: Readonly<Record<Axis, { readonly name: string; readonly question: string; readonly text: string }>>;
  readonly kinds: Readonly<Record<StepKind, string>>;
  readonly lesson: {
    number(n: number): string;
    minutes(n: number): string;
    steps(n: number): string;
    readonly previous: string;
    readonly next: string;
    readonly allLessons: string;
    readonly progress: string;
    readonly divider: string;
  };
  readonly step: {
    readonly check: string;
    readonly hint: string;
    readonly solution: string;
    readonly checks: string;
    readonly verdict: string;
    readonly parts: Readonly<Record<'use' | 'attack', string>>;
    readonly needsMachine: string;
    readonly optional: string;
  };
  readonly question: { readonly kind: string; readonly answer: string; readonly needsMachine: string };
  readonly dock: {
    readonly label: string;
    /** Of a lab with one machine, and of one with more. */
    readonly one: Idle;
    readonly several: Idle;
    readonly users: string;
    readonly open: string;
    readonly noScript: string;
    readonly unreachable: string;
    readonly noLab: string;
  };
  readonly aside: { readonly note: string; readonly tip: string; readonly caution: string };
  readonly terms: string;
  readonly sheet: { readonly title: string; readonly back: string; description(lesson: string): string };
  readonly references: string;
  readonly notFound: { readonly title: string; readonly text: string; readonly back: string };
}

const TEXTS: Readonly<Record<Locale, SiteTexts>> = { 'zh-cn': ZH_CN, en: EN };

export function siteTexts(locale: Locale): SiteTexts {
  return TEXTS[locale];
}
