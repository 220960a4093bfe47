import type { Seen } from '../checks/witness.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Driver } from '../machines/driver.ts';
import type { Templates } from '../machines/templates.ts';
import type { FirstSurveys } from '../map/first-surveys.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Pool } from '../sandboxes/pool.ts';
import type { SandboxLimits } from '../sandboxes/sandbox.ts';
import type { Turns } from '../turns.ts';
import type { Admission } from './admission.ts';
import type { Bakes } from './bakes.ts';
import type { Shares } from './shares.ts';
import type { Store } from './store.ts';

/** Whoever looks on while labs are written. */
export interface Onlooker {
  /** A script was run in a sandbox of this attempt. */
  seen(seen: Seen & { readonly attempt: string }): void;
  /** An attempt has another sandbox, or none. */
  stageChanged(): void;
}

/** What all attempts share. */
export interface AttemptContext {
  readonly driver: Driver;
  readonly templates: Templates;
  readonly pool: Pool;
  readonly store: Store;
  readonly admission: Admission;
  readonly shares: Shares;
  readonly bakes: Bakes;
  readonly firstSurveys: FirstSurveys;
  /** So that a host on which many machines were left is not busy with all of them at once. */
  readonly adoptions: Turns;
  readonly limits: SandboxLimits & Pick<Config, 'idleMs' | 'queueGraceMs' | 'resetsPerMinute'>;
  /** Where terminals are kept for a later server; null where there will be none. */
  readonly recordingsFolder: string | null;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Default: nobody. */
  readonly onlooker?: Onlooker | undefined;
}
