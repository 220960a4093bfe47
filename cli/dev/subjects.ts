import type { Lab } from '../../labs/format/lab.ts';
import type { AuthorSubject } from '../../protocol/author.ts';

/** Every script of a lab that can be asked of a machine, in the order of lab.yaml. */
export function subjectsOf({ steps, questions }: Pick<Lab, 'steps' | 'questions'>): AuthorSubject[] {
  return [
    ...steps.flatMap(({ id: step, checks, verdict }) => [
      ...checks.map(({ id }) => ({ kind: 'check' as const, step, id, file: `checks/${id}.sh` })),
      ...(verdict?.parts ?? []).map(({ id }) => ({
        ...{ kind: 'part' as const, step, id },
        file: `steps/${step}/verdict/${id}.sh`,
      })),
      ...(verdict?.proof
        ? [{ kind: 'proof' as const, step, id: 'proof', file: `steps/${step}/verdict/proof.sh` }]
        : []),
    ]),
    ...questions
      .filter(({ script }) => script !== null)
      .map(({ id }) => ({ kind: 'question' as const, step: null, id, file: `questions/${id}.sh` })),
  ];
}
