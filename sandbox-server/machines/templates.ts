import type { Lab } from '../../labs/format/lab.ts';
import type { TemplateRef } from './driver.ts';

/** Where a lab's frozen machines come from. `images/` makes real ones; compose.ts pretends for the fake driver. */
export interface Templates {
  /** One template per machine role of the lab. */
  forLab(lab: Lab): Promise<ReadonlyMap<string, TemplateRef>>;
}
