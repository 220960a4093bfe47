import type { Lab } from '../labs/format/lab.ts';
import type { Config } from './config.ts';
import type { Driver } from './machines/driver.ts';
import { rehearse } from './machines/fake/rehearsal.ts';
import type { Templates } from './machines/templates.ts';

/** Machines, and where their templates come from. Whoever composes disposes the driver, after the server. */
export interface Composition {
  readonly driver: Driver;
  readonly templates: Templates;
}

/** Machines of this host, with the templates of these labs. */
export type ComposeLocal = (labs: ReadonlyMap<string, Lab>) => Promise<Composition>;

/** The only place, beside cli/ and tests, that names a driver. `local` needs an image first, so cli/ hands it in. */
export async function compose(
  { driver }: Pick<Config, 'driver'>,
  labs: ReadonlyMap<string, Lab>,
  composeLocal: ComposeLocal,
): Promise<Composition> {
  return driver === 'fake' ? rehearse(labs) : composeLocal(labs);
}
