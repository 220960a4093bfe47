import { after, describe } from 'node:test';
import { describeAdoption } from './adoption.ts';
import { describeEnd } from './end.ts';
import { describeFork } from './fork.ts';
import { describeInput } from './input.ts';
import { describeOutput } from './output.ts';
import { describePause } from './pause.ts';
import { describeRun } from './run.ts';
import type { ContractSubject } from './subject.ts';
import { describeVitals } from './vitals.ts';

/**
 * What every driver promises, checked through the port alone. The words typed and run here mean the same to bash as
 * to the fake's shell.
 */
export function describeDriverContract(subject: ContractSubject): void {
  describe(`the driver contract, kept by ${subject.name}`, { concurrency: 1 }, () => {
    after(() => subject.dispose?.());
    describeOutput(subject);
    describeInput(subject);
    describeRun(subject);
    describePause(subject);
    describeEnd(subject);
    describeFork(subject);
    describeAdoption(subject);
    describeVitals(subject);
  });
}
