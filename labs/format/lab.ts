import type { Text } from '../../protocol/text.ts';

/**
 * A lab as loaded from labs/<id>/lab.yaml and the scripts beside it, texts checked to exist in every language.
 * `PublicLab` is all that may ship with a page; everything else holds answers and stays on the server.
 */
export interface Lab {
  readonly id: string;
  readonly image: string;
  readonly title: Text;
  readonly machines: readonly LabMachine[];
  readonly steps: readonly LabStep[];
  readonly questions: readonly LabQuestion[];
  /** The step before which the map would give its answer away; it is drawn once that is done. Default: from the start. */
  readonly mapAfter?: string;
  /** Bash helpers (labs/kit) that every script is run with. */
  readonly kit: string;
}

export interface LabMachine {
  readonly role: string;
  readonly hostname: string;
  /** On the network of the lab's machines, whose first 24 bits are the same. A machine that is alone has none. */
  readonly address?: string;
  /** Bash, run once as root while the lab's template is made: its files are put in place, then its setup.sh. */
  readonly setup: string;
  readonly terminals: readonly { readonly id: string; readonly user: string }[];
  /** Made per sandbox right after the fork. `{random}` in content is replaced by 16 random hex characters. */
  readonly secrets: readonly { id: string; path: string; owner: string; mode: number; content: string }[];
}

export type StepKind = 'explore' | 'attack' | 'defend';

export interface LabStep {
  readonly id: string;
  readonly kind: StepKind;
  readonly title: Text;
  readonly instruction: Text;
  /** A further step: worth doing, never needed to finish the lab. */
  readonly optional: boolean;
  readonly checks: readonly LabCheck[];
  readonly verdict: LabVerdict | null;
  /** In order of strength, the mildest first. */
  readonly hints: readonly Text[];
  readonly solution: readonly LabLine[];
  readonly mutants: readonly LabMutant[];
}

/**
 * One command that a person types, and where. Whoever types it for them (tests, "catch me up") follows the same two
 * rules. A line for a closed terminal logs in again first. The next line is typed when this one is finished: when the
 * shell has said that the command ended and has shown a prompt (OSC 133 D, then B), when the terminal has closed, or
 * when `until` has appeared.
 */
export interface LabLine {
  readonly terminal: string;
  readonly command: string;
  /** For programs that prompt by themselves: the text of theirs to wait for instead of the shell's prompt. */
  readonly until?: string;
}

export interface LabCheck {
  readonly id: string;
  /** A goal fails when its step starts and passes after the solution; a guard holds before and after. */
  readonly kind: 'goal' | 'guard';
  /** The line the learner reads. */
  readonly line: Text;
  /** Machine role it is asked on. */
  readonly machine: string;
  /**
   * Bash, read-only, repeatable, run as root. Prints `message-id key=value …` and exits 0 passed, 1 failed, other
   * errored. `$DRYDOCK_SECRET_<ID>` holds this sandbox's secrets.
   */
  readonly script: string;
  readonly messages: Readonly<Record<string, LabMessage>>;
  /** Keep asking after it passed, and show it amber when it stops holding. */
  readonly keeps: boolean;
}

/** `{key}` in any text is replaced by the evidence the script printed. */
export interface LabMessage {
  readonly expected: Text;
  readonly seen: Text;
  readonly try: Text;
}

/**
 * Not read-only: legitimate uses, then the attacks again. Each part cleans up after itself, whatever its outcome. All
 * are handed the proof of this run, `$DRYDOCK_PROOF`: made a moment ago, known to nobody.
 */
export interface LabVerdict {
  readonly proof: LabProof | null;
  /** Uses first, then attacks, each in the order of the file. */
  readonly parts: readonly LabVerdictPart[];
}

/** Puts the proof where only an attack that works comes by it. Bash, called with `put` before the parts, `remove` after. */
export interface LabProof {
  readonly machine: string;
  readonly script: string;
}

export interface LabVerdictPart extends Omit<LabCheck, 'kind' | 'keeps'> {
  readonly kind: 'use' | 'attack';
  /** What was tried, shown when it passed; `{key}` is replaced by what `pass key=value` says. */
  readonly tried: Text;
  readonly timeoutMs: number;
}

/** A deliberately wrong solution, and which line must say what about it. */
export interface LabMutant {
  readonly id: string;
  /** Lines typed instead of the solution. */
  readonly lines: readonly LabLine[];
  /** Id of a check of the step, or of a part of its verdict. */
  readonly caughtBy: string;
  readonly message: string;
}

/** Something to find out in the machine and then say. Belongs to no step, and nothing depends on it. */
export interface LabQuestion {
  readonly id: string;
  readonly text: Text;
  /** Null where the learner types a word or a number. */
  readonly choices: readonly LabChoice[] | null;
  /** What is said of what was typed, `{answer}`. Null where there are choices. */
  readonly typed: { readonly right: Text; readonly wrong: Text } | null;
  /** Id of a choice, or what is to be typed: always, or in a fresh machine where a script says what is right. */
  readonly answer: string;
  /** Bash on this machine; prints what is right there, one form of it per line. Null where `answer` always is. */
  readonly machine: string;
  readonly script: string | null;
  /** Shown after a wrong answer, between them why it is wrong. */
  readonly expected: Text;
  readonly try: Text;
  readonly mutants: readonly { readonly id: string; readonly lines: readonly LabLine[]; readonly answer: string }[];
}

export interface LabChoice {
  readonly id: string;
  readonly text: Text;
  /** What is said of it when it was chosen and is right, or wrong; null where it never is. */
  readonly right: Text | null;
  readonly wrong: Text | null;
}

export interface PublicLab {
  readonly id: string;
  readonly title: Text;
  readonly terminals: readonly { readonly id: string; readonly machine: string; readonly user: string }[];
  readonly steps: readonly {
    readonly id: string;
    readonly kind: StepKind;
    readonly title: Text;
    readonly instruction: Text;
    readonly optional: boolean;
    readonly hintCount: number;
    readonly checks: readonly { readonly id: string; readonly line: Text; readonly kind: 'goal' | 'guard' }[];
    /** Its parts, in the order in which they are asked. */
    readonly verdict: readonly { readonly id: string; readonly line: Text; readonly kind: 'use' | 'attack' }[];
  }[];
  readonly questions: readonly {
    readonly id: string;
    readonly text: Text;
    /** Null where the learner types. */
    readonly choices: readonly { readonly id: string; readonly text: Text }[] | null;
  }[];
}
