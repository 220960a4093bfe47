import { join } from 'node:path';
import { DrydockError } from '../errors.ts';
import type { Machine } from '../machines/driver.ts';
import type { SandboxOptions } from './sandbox.ts';
import { Terminal } from './terminal.ts';

export interface TerminalsOptions extends Pick<SandboxOptions, 'lab' | 'limits' | 'events' | 'log'> {
  /** This sandbox's. */
  readonly recordings: string | null;
}

/** The terminals of a sandbox, in the order of the lab. */
export function makeTerminals(
  machines: ReadonlyMap<string, Machine>,
  { lab, limits, events, log, recordings }: TerminalsOptions,
  handlers: { activity(role: string): void; lineEntered(): void },
): Terminal[] {
  return lab.machines.flatMap(({ role, terminals }) =>
    terminals.map(({ id }) => {
      const machineTerminal = machines.get(role)?.terminals.find((candidate) => candidate.id === id);
      if (machineTerminal === undefined) {
        throw new DrydockError('terminal-missing', `Lab ${lab.id}: machine "${role}" has no terminal "${id}".`);
      }
      return new Terminal({
        ...{ id, role, machineTerminal },
        historyBytes: limits.terminalHistoryBytes,
        recordingPath: recordings && join(recordings, `${role}-${id}`),
        events: {
          lineEntered: handlers.lineEntered,
          activity: () => handlers.activity(role),
          status: () => events.changed(),
          recordingFailed: (cause) =>
            log.warn({ err: cause, terminal: id }, 'a terminal cannot be kept for a later server: is the disk full?'),
          screenLost: (cause) => log.warn({ err: cause, terminal: id }, 'what is on a screen is not known any more'),
        },
      });
    }),
  );
}
