const CJK_PER_MINUTE = 350;
const WORDS_PER_MINUTE = 200;

/** Minutes to read the prose of an MDX source: code fences, imports and tags do not count. */
export function readingMinutes(source: string): number {
  const prose = source
    .replace(/^(```+|~~~+)[\s\S]*?^\1/gm, ' ')
    .replace(/^(import|export) .*$/gm, ' ')
    .replace(/<[^>]+>/g, ' ');
  const cjk = prose.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const words = prose.match(/[\p{Script=Latin}\d][\p{Script=Latin}\d'’./_-]*/gu)?.length ?? 0;
  return Math.max(1, Math.round(cjk / CJK_PER_MINUTE + words / WORDS_PER_MINUTE));
}
