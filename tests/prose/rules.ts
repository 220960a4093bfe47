import type { Kind, Language } from './texts.ts';

/** Something no text may have. What it finds is replaced by what `instead` says, if that can be said. */
export interface Rule {
  readonly language: Language;
  readonly why: string;
  /** Global, and with the flag `u`. */
  readonly pattern: RegExp;
  readonly instead?: (found: string) => string;
  /** Only texts of these kinds; all of them if it is left out. */
  readonly kinds?: readonly Kind[];
}

const HAN = '\\p{Script=Han}';
/** What a Latin word, a number, a path or an option may begin and end with. */
const LATIN_START = '[A-Za-z0-9/~$+<@#&\\-]';
const LATIN_END = '[A-Za-z0-9/%+>]';
const FULL_WIDTH = '[，。；：！？、（）“”]';
const HALF_TO_FULL: Readonly<Record<string, string>> = {
  ...{ ',': '，', '.': '。', ';': '；', ':': '：', '?': '？', '(': '（', ')': '）' },
};

function zh(why: string, pattern: string, rest: Partial<Rule> = {}): Rule {
  return { language: 'zh-cn', why, pattern: new RegExp(pattern, 'gu'), ...rest };
}

function en(why: string, pattern: string, rest: Partial<Rule> = {}): Rule {
  return { language: 'en', why, pattern: new RegExp(pattern, 'gu'), ...rest };
}

const toFullWidth = (found: string) => found.replace(/[,.;:?()]/u, (mark) => HALF_TO_FULL[mark] ?? mark);
const withoutSpace = (found: string) => found.replace(/\s+/gu, '');

export const RULES: readonly Rule[] = [
  zh('between Chinese and Latin or digits stands a space', `${HAN}${LATIN_START}|${LATIN_END}${HAN}`, {
    instead: (found) => [...found].join(' '),
  }),
  zh('next to Chinese, punctuation is full-width', `${HAN}[,.;:?(]|[,;:?)]${HAN}`, { instead: toFullWidth }),
  zh('full-width punctuation has no space beside it', `${FULL_WIDTH}[ \\n]+\\S|\\S[ \\n]+${FULL_WIDTH}`, {
    instead: withoutSpace,
  }),
  zh('between Chinese characters stands no space, nor a line break', `${HAN}[ \\n]+${HAN}`, { instead: withoutSpace }),
  zh('quotation marks are “ and ”', `["'「」『』]`),
  zh('digits and letters are half-width', '[０-９Ａ-Ｚａ-ｚ]', { instead: (found) => found.normalize('NFKC') }),
  zh('the course raises its voice nowhere', '[!！]', { instead: () => '。' }),
  ...oneWordForOneThing(),

  en('words are parted by one space', '\\S {2,}\\S', { instead: (found) => found.replace(/ +/u, ' ') }),
  en('the course raises its voice nowhere', '!', { instead: () => '.' }),
  en('an apostrophe is straight here, and set as one when it is shown', '\\p{L}’|[‘“”]', {
    kinds: ['lesson', 'lab'],
    instead: (found) => found.replace(/[‘’]/u, "'").replace(/[“”]/u, '"'),
  }),
  en('a string is shown as it is, so its apostrophes are typographic', "\\p{L}'", {
    kinds: ['string'],
    instead: (found) => found.replace("'", '’'),
  }),
  en('Chinese punctuation', FULL_WIDTH.replace('“”', '')),
  ...british(),
];

/** Besides the terms of content/terms.yaml, words that need no entry in a glossary. */
function oneWordForOneThing(): Rule[] {
  const words: Readonly<Record<string, string>> = {
    ...{ 账户: '账号', 帐号: '账号', 帐户: '账号', 登陆: '登录', 请求体: '请求正文', 文件夹: '目录', 缺省: '默认' },
  };
  return Object.entries(words).map(([other, instead]) =>
    zh('one thing has one name', other, { instead: () => instead }),
  );
}

/** The texts are in British spelling, which is what most of them had. */
function british(): Rule[] {
  const spellings: Readonly<Record<string, string>> = {
    ...{ defense: 'defence', behavior: 'behaviour', color: 'colour', favor: 'favour', honor: 'honour' },
    ...{ center: 'centre', catalog: 'catalogue', gray: 'grey', labeled: 'labelled', traveled: 'travelled' },
    ...{ canceled: 'cancelled', modeled: 'modelled', fulfill: 'fulfil', neighbor: 'neighbour', rumor: 'rumour' },
  };
  return Object.entries(spellings).map(([american, instead]) =>
    en('the spelling is British', `(?<!\\p{L})${american}`, { instead: () => instead }),
  );
}
