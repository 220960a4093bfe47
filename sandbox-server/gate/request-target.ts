import { Refusal } from './refusal.ts';

export interface Target {
  /** Without version and query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * An optional version, a path, a query. No dot, no percent sign, no empty segment: every path that Drydock asks for is
 * written in one way only, so nothing has to be decoded, and gate and engine cannot read it differently.
 */
const TARGET = /^(?:\/v1\.\d{1,3})?((?:\/[A-Za-z0-9_:-]+)+)(?:\?(.*))?$/;
const SHOWN = 200;

export function readTarget(url: string): Target {
  const [, path, query = ''] = TARGET.exec(url) ?? [];
  if (path === undefined) throw new Refusal(`The path ${show(url)} is not written as Drydock writes one.`);
  return { path, query: new URLSearchParams(query) };
}

/** For a message and a line of the log, whatever is in it. */
export const show = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** The query that Drydock sends there, and no other: each name once, with a value that its pattern knows. */
export function requireQuery(query: URLSearchParams, allowed: Readonly<Record<string, RegExp>>): void {
  for (const [name, value] of query) {
    const pattern = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (pattern === undefined) throw new Refusal(`Drydock asks nothing called ${show(name)} there.`);
    if (query.getAll(name).length > 1) throw new Refusal(`${name} stands twice in the query.`);
    if (!pattern.test(value))
      throw new Refusal(`${name} is ${show(value)} in the query, which Drydock does not ask for.`);
  }
  for (const name of Object.keys(allowed)) {
    if (!query.has(name)) throw new Refusal(`${name} is missing in the query; Drydock always says it.`);
  }
}
