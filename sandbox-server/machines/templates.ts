import type { Lab } from '../../labs/format/lab.ts';
import type { TemplateRef } from './driver.ts';

/** By machine role. */
export type TemplateRefs = ReadonlyMap<string, TemplateRef>;

/** Where a lab's frozen machines come from. `images/` makes real ones; compose.ts pretends for the fake driver. */
export interface Templates {
  /** One template per machine role of the lab: as it begins, or as it is where a step starts (a checkpoint). */
  forLab(lab: Lab, step?: string): Promise<TemplateRefs>;
  /** How long the answer to `forLab` usually takes, in milliseconds; 0 when there is nothing to make. */
  usualWaitMs(lab: Lab, step: string): Promise<number>;
}
