import type { EndReason, Impairment, ImpairmentKind } from '../../../protocol/troubles.ts';

type Told = readonly [title: string, text: string];

/** What is said of machines that are over, and of those that somebody has broken. */
export interface TroubleStrings {
  readonly ended: Readonly<Record<EndReason, Told>>;
  /** `machine`: where there are several. */
  impaired(impairment: Impairment, machine: string | null): Told;
  readonly recovered: string;
  /** Of a line or an answer, why it could not be looked at. */
  readonly obstacle: Readonly<Record<ImpairmentKind, string>>;
}
