import type { Platform } from '../preflight/platform.mjs';
import { type Finding, good, note } from './finding.ts';

/** Anything but Linux on x86-64 never comes this far: the preflight stops there. */
export function judgePlatform({ name, supported }: Platform): Finding {
  const text = `${name} on x86-64`;
  if (supported) return good('distribution', text);
  return note(
    'distribution',
    `${text}: nobody has tried Drydock on it.`,
    'It may work where apt has the packages below. Debian 12 and 13 and Ubuntu 24.04 are what it is made for.',
  );
}

/** `own` is the one that Drydock installed for itself because the system's was too old. */
export function judgeNode({ version, path, own }: { version: string; path: string; own: boolean }): Finding {
  return good('Node', own ? `${version}, installed for Drydock alone: ${path}` : `${version}: ${path}`);
}
