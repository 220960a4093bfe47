import type { Lab, LabStep } from '../../labs/format/lab.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import { Refusal } from '../errors.ts';

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

export function findStep({ steps }: Lab, id: string): LabStep {
  const step = steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Refusal('step-unknown');
  return step;
}

export function findHint({ id, hints }: LabStep, index: number): MessageOf<'hint'> {
  const text = hints[index];
  if (text === undefined) throw new Refusal('hint-unknown');
  return { type: 'hint', step: id, index, total: hints.length, text };
}

export function tellSolution({ id, solution }: LabStep): MessageOf<'solution'> {
  const lines = solution.map(({ terminal, command }) => ({ terminal, command }));
  return { type: 'solution', step: id, lines };
}
