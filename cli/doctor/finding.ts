/** good: nothing to do. note: works, but worth knowing. lack: serving needs it and it is not there. */
export type Level = 'good' | 'note' | 'lack';

export interface Finding {
  readonly level: Level;
  /** What was looked at, in a word or two. */
  readonly subject: string;
  readonly text: string;
  /** What to do about it; a line that is a command is indented by two spaces. */
  readonly fix?: string;
}

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export const good = (subject: string, text: string): Finding => ({ level: 'good', subject, text });

export const note = (subject: string, text: string, fix?: string): Finding => ({
  level: 'note',
  subject,
  text,
  ...(fix !== undefined && { fix }),
});

export const lack = (subject: string, text: string, fix: string): Finding => ({ level: 'lack', subject, text, fix });
