import type { Locale } from '../../protocol/text.ts';

/** `content/en/docker-group.mdx` is English; everything else is the default language. */
export function localeOfContentFile(path: string): Locale {
  return /[/\\]content[/\\]en[/\\]/.test(path) ? 'en' : 'zh-cn';
}
