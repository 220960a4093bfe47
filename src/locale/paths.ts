import type { Locale } from '../../protocol/text.ts';

export const HTML_LANG = { 'zh-cn': 'zh-CN', en: 'en' } as const satisfies Record<Locale, string>;
export const LANGUAGE_NAMES = { 'zh-cn': '简体中文', en: 'English' } as const satisfies Record<Locale, string>;

const PREFIX = { 'zh-cn': '/', en: '/en/' } as const satisfies Record<Locale, string>;

export function homePath(locale: Locale): string {
  return PREFIX[locale];
}

export function lessonPath(locale: Locale, lesson: string): string {
  return `${PREFIX[locale]}lessons/${lesson}/`;
}

export function sheetPath(locale: Locale, lesson: string): string {
  return `${lessonPath(locale, lesson)}sheet/`;
}

export function referencePath(locale: Locale, page: string): string {
  return `${PREFIX[locale]}reference/${page}/`;
}

/** Astro gives the default language's page a name of its own, which servers look for. */
const NOT_FOUND = { 'zh-cn': '/404.html', en: '/en/404/' } as const satisfies Record<Locale, string>;

/** The same page in the other language. */
export function translatedPath(pathname: string, locale: Locale): string {
  const bare = pathname.replace(/^\/en(?=\/|$)/, '') || '/';
  return /^\/404(\.html|\/)?$/.test(bare) ? NOT_FOUND[locale] : PREFIX[locale] + bare.slice(1);
}
