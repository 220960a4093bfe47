export type Arrow = 'up' | 'down' | 'right' | 'left';

const FINAL = { up: 'A', down: 'B', right: 'C', left: 'D' } as const satisfies Record<Arrow, string>;

/** What a terminal sends for an arrow key; programs such as vim ask for the application form. */
export function arrowKey(arrow: Arrow, application: boolean): string {
  return `\x1b${application ? 'O' : '['}${FINAL[arrow]}`;
}

/** Ctrl and a character: `c` gives 0x03. Undefined for characters that Ctrl does not combine with. */
export function controlCharacter(character: string): string | undefined {
  const code = character.toUpperCase().codePointAt(0) ?? 0;
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : undefined;
}
