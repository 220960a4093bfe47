import type { Lab, LabStep } from '../../../labs/format/lab.ts';
import { stepsBefore } from '../../../labs/format/steps-before.ts';
import type { Templates } from '../templates.ts';
import type { FakeDriver } from './fake-driver.ts';

export interface FakeTemplatesOptions {
  /** Awaited where a checkpoint would be made: a test delays or fails it here. */
  readonly bake?: (lab: Lab, step: string) => Promise<void>;
  readonly usualWaitMs?: number | ((lab: Lab, step: string) => number);
  /** Typed besides a step's solution. */
  readonly afterStep?: (step: LabStep) => readonly string[];
}

/** Templates of machines made of nothing. At a checkpoint, what was typed before it has been typed. */
export function fakeTemplates(driver: FakeDriver, options: FakeTemplatesOptions = {}): Templates {
  const { bake, usualWaitMs = 0, afterStep = () => [] } = options;
  return {
    usualWaitMs: async (lab, step) => (typeof usualWaitMs === 'number' ? usualWaitMs : usualWaitMs(lab, step)),
    forLab: async (lab, step) => {
      if (step !== undefined) await bake?.(lab, step);
      const solved = step === undefined ? [] : (stepsBefore(lab, step) ?? []);
      const templates = lab.machines.map(({ role, hostname, terminals }) => {
        const typed = solved.flatMap((one) => [
          ...one.solution.flatMap(({ terminal, command }) =>
            terminals.filter(({ id }) => id === terminal).map(({ user }) => ({ user, command })),
          ),
          ...afterStep(one).map((command) => ({ user: 'root', command })),
        ]);
        const key = [lab.id, role, ...(step === undefined ? [] : [step])].join('/');
        return [role, driver.template(key, { hostname, terminals, typed })] as const;
      });
      return new Map(templates);
    },
  };
}
