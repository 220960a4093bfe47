import type { ThemeObjectOrShikiThemeName } from 'astro-expressive-code';

type Theme = Exclude<ThemeObjectOrShikiThemeName, string>;

interface Colours {
  readonly background: string;
  readonly text: string;
  readonly quiet: string;
  readonly command: string;
  readonly quoted: string;
  readonly word: string;
}

/** Few colours on purpose: commands, quotes, keywords, comments. Fewer spans also make smaller pages. */
function codeTheme(name: string, type: 'light' | 'dark', colours: Colours): Theme {
  const { background, text, quiet, command, quoted, word } = colours;
  return {
    name,
    type,
    colors: { 'editor.background': background, 'editor.foreground': text },
    tokenColors: [
      { scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: quiet } },
      {
        scope: ['entity.name.command', 'entity.name.function', 'support.function', 'support.type.property-name'],
        settings: { foreground: command },
      },
      { scope: ['string.quoted', 'markup.inserted'], settings: { foreground: quoted } },
      {
        scope: [
          'keyword.control',
          'storage',
          'keyword.operator.pipe',
          'keyword.operator.redirect',
          'constant.language',
          'markup.deleted',
        ],
        settings: { foreground: word },
      },
    ],
  } as unknown as Theme;
}

/** The values of --sheet, --ink, --ink-3, --sea, --pass and --oxide in styles/tokens.css. */
export const CODE_THEMES: Theme[] = [
  codeTheme('drydock-light', 'light', {
    background: '#ffffff',
    text: '#17242c',
    quiet: '#5d6c74',
    command: '#0b5c76',
    quoted: '#1c7448',
    word: '#a8412c',
  }),
  codeTheme('drydock-dark', 'dark', {
    background: '#152027',
    text: '#e3eaec',
    quiet: '#82919a',
    command: '#78c7dc',
    quoted: '#6fcb99',
    word: '#e88c73',
  }),
];
