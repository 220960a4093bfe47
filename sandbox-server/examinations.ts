import type { Store } from './attempts/store.ts';
import type { Examination } from './health.ts';
import type { Driver } from './machines/driver.ts';
import type { EventLoopDelay } from './metrics/event-loop-delay.ts';

/** Later than this and every terminal feels it. */
const LATE_S = 1;

const OK = { status: 'ok', words: 'ok' } as const;

export interface Examined {
  readonly store: Pick<Store, 'probe'>;
  readonly driver: Pick<Driver, 'problem'>;
  readonly eventLoop: Pick<EventLoopDelay, 'last'>;
}

/** What /healthz looks at: whether progress can be kept, machines made, and work done in time. */
export function examinations({ store, driver, eventLoop }: Examined): Readonly<Record<string, Examination>> {
  return {
    store: () => {
      try {
        store.probe();
        return OK;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const words = `Progress cannot be written (${why}). Machines go on; look at the disk of the state folder.`;
        return { status: 'failing', words };
      }
    },
    driver: async () => {
      const words = await driver.problem();
      return words === undefined ? OK : { status: 'failing', words };
    },
    eventLoop: () => {
      const { maxS } = eventLoop.last;
      if (maxS < LATE_S) return OK;
      const words = `The server came to its work up to ${maxS.toFixed(1)} s late in the last 10 s: its processor is busy.`;
      return { status: 'warning', words };
    },
  };
}
