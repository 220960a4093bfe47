import type { Report } from './state.ts';

/**
 * What `npm run dev` tells the author's panel, whole, over server-sent events at /author/labs/<lab>/events. No other
 * server has these routes, and no built page asks for them.
 */
export interface AuthorState {
  readonly lab: string;
  /** Every script of the lab that can be asked, in the order of lab.yaml. */
  readonly subjects: readonly AuthorSubject[];
  /** The last few of each subject, in this page's sandbox, newest first. */
  readonly runs: readonly AuthorRun[];
  /** Of all labs. Those of this one keep its older form in force. */
  readonly problems: readonly AuthorProblem[];
  readonly sandbox: AuthorSandbox | null;
  readonly template: AuthorTemplate | null;
}

export interface AuthorSubject {
  readonly kind: 'check' | 'part' | 'proof' | 'question';
  /** Null for questions. */
  readonly step: string | null;
  readonly id: string;
  /** Below labs/<lab>. */
  readonly file: string;
}

export interface AuthorRun {
  readonly subject: Omit<AuthorSubject, 'file'>;
  readonly machine: string;
  /** Unix time, in milliseconds. */
  readonly startedAt: number;
  readonly ms: number;
  /** Exit status; null where there was none. */
  readonly status: number | null;
  /** The last 2 KiB of each. */
  readonly stdout: string;
  readonly stderr: string;
  /** `answered`: of a question, which is right or wrong only for what somebody says. */
  readonly outcome: 'passed' | 'failed' | 'errored' | 'answered';
  /** What the last line was understood as. */
  readonly answer: { readonly message: string; readonly evidence: Readonly<Record<string, string>> } | null;
  /** What the learner is shown; null where that is only a mark. */
  readonly report: Report | null;
  /** Why it errored. */
  readonly detail: string | null;
}

export interface AuthorProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line as it stands there. */
  readonly text: string | null;
  readonly message: string;
  readonly instead: string | null;
  /** `instead` is missing, and takes the place of nothing. */
  readonly isMissing?: boolean;
}

export interface AuthorSandbox {
  readonly id: string;
  /** Keys of its templates by role; null where an earlier server forked it. */
  readonly templates: Readonly<Record<string, string>> | null;
  /** The lab's machines are made in another way by now: a reset gets them. */
  readonly isStale: boolean;
}

/** What the next sandbox is forked from. */
export interface AuthorTemplate {
  readonly status: 'waiting' | 'making' | 'ready' | 'failed';
  readonly keys: Readonly<Record<string, string>> | null;
  /** Since when it is being made; Unix time, in milliseconds. */
  readonly since: number | null;
  /** What is going on, or why it failed. */
  readonly detail: string | null;
}
