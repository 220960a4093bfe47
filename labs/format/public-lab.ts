import { resolve } from 'node:path';
import type { Lab, PublicLab } from './lab.ts';
import { loadLab } from './load-lab.ts';

/** What of a lab may ship with a page: no scripts, hints, solutions, messages or answers. */
export function publicLab(lab: Lab): PublicLab {
  return {
    id: lab.id,
    title: lab.title,
    terminals: lab.machines.flatMap(({ role, terminals }) =>
      terminals.map((terminal) => ({ ...terminal, machine: role })),
    ),
    steps: lab.steps.map(({ id, kind, title, instruction, optional, hints, verdict, checks }) => ({
      ...{ id, kind, title, instruction, optional },
      hintCount: hints.length,
      checks: checks.map((check) => ({ id: check.id, line: check.line, kind: check.kind })),
      verdict: (verdict?.parts ?? []).map((part) => ({ id: part.id, line: part.line, kind: part.kind })),
    })),
    questions: lab.questions.map(({ id, text, choices }) => ({
      ...{ id, text },
      choices: choices?.map((choice) => ({ id: choice.id, text: choice.text })) ?? null,
    })),
  };
}

/** For the site's build, which runs at the root of the repository. */
export function loadPublicLab(id: string, labsFolder = resolve('labs')): PublicLab {
  return publicLab(loadLab(resolve(labsFolder, id)));
}
