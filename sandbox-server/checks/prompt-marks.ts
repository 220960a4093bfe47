/** OSC 133, as shells mark their prompts: A prompt begins, B prompt ends, C output begins, D command ended. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
const MARK = /\x1b\]133;([ABCD])(?:;(\d+))?[^\x07\x1b]*(?:\x07|\x1b\\)/g;
/** Longest tail that can still be the start of a mark. */
const LONGEST_MARK_CHARACTERS = 64;

export interface PromptMark {
  readonly mark: 'A' | 'B' | 'C' | 'D';
  /** Exit status of the command, with D. */
  readonly status: number | null;
}

/** Finds marks in output that arrives in pieces, each mark once. */
export class PromptMarks {
  #tail = '';

  read(text: string): PromptMark[] {
    const seen = this.#tail + text;
    const marks: PromptMark[] = [];
    let end = 0;
    for (const match of seen.matchAll(MARK)) {
      marks.push({ mark: match[1] as PromptMark['mark'], status: match[2] === undefined ? null : Number(match[2]) });
      end = match.index + match[0].length;
    }
    this.#tail = seen.slice(Math.max(end, seen.length - LONGEST_MARK_CHARACTERS));
    return marks;
  }
}
