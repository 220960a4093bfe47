import { readPreference, writePreference } from '../dom/preference.ts';

type Remembered = Readonly<Record<string, string>>;

/**
 * Labs for which this browser asked for a machine, and the sandbox it was given last (empty while it waits for one).
 * Their pages connect by themselves; naming the sandbox keeps that from starting another machine when it is gone.
 */
export function rememberedSandbox(lab: string): string | undefined {
  return read()[lab];
}

export function remember(lab: string, sandbox: string): void {
  if (read()[lab] !== sandbox) write({ ...read(), [lab]: sandbox });
}

export function forget(lab: string): void {
  const { [lab]: _gone, ...rest } = read();
  write(rest);
}

function read(): Remembered {
  try {
    return JSON.parse(readPreference('machines') ?? '{}') as Remembered;
  } catch {
    return {};
  }
}

function write(remembered: Remembered): void {
  writePreference('machines', JSON.stringify(remembered));
}
