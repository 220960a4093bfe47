import type { LabLine } from './lab.ts';
import type { LabFileStep } from './lab-schema.ts';

/** Lines as the file writes them, each with the terminal it is typed into. */
export function assembleLines(written: LabFileStep['solution']): LabLine[] {
  return written.flatMap((line) =>
    Object.entries(line).map(([terminal, typed]): LabLine => {
      if (typeof typed === 'string') return { terminal, command: typed };
      return { terminal, command: typed.type, until: typed.until };
    }),
  );
}
