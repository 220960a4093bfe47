/** A reason to stop that the person at the keyboard can act on: shown without a stack. */
export class Stop extends Error {
  /** @param {{ what: string, why?: string, fix?: string }} reason */
  constructor(reason) {
    super([reason.what, reason.why, reason.fix].filter(Boolean).join('\n'));
    this.name = 'Stop';
  }
}
