const TEXTS = {
  'zh-cn': { run: '运行', copy: '复制' },
  en: { run: 'Run', copy: 'Copy' },
} as const;

/** Words on a code block, in the language of the lesson that holds it. */
export function blockTexts(locale: string | undefined): { run: string; copy: string } {
  return locale === 'en' ? TEXTS.en : TEXTS['zh-cn'];
}
