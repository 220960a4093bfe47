import { stringify } from 'yaml';
import type * as z from 'zod';
import { closest } from './closest.ts';
import { exampleOf, type Shape, shapeAt } from './shape.ts';
import type { Path } from './source.ts';

export interface Described {
  readonly path: Path;
  readonly message: string;
  readonly instead: string | null;
  readonly isMissing?: boolean;
  /** Name of the field that this one was probably meant to be. */
  readonly meant?: string;
}

interface Context {
  /** What the file describes: "lab" or "image". */
  readonly root: string;
  readonly shape: Shape;
  /** The whole file as it was read. */
  readonly input: unknown;
}

const LANGUAGES: Readonly<Record<string, string>> = { 'zh-cn': 'Chinese', en: 'English' };

/** Says what zod found in the words of someone who writes labs, with the lines to write instead. */
export function describeIssue(issue: z.core.$ZodIssue, context: Context): Described[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...path, key], context));
  if (issue.code === 'custom') return [{ path, message: `${named(path)}: ${issue.message}.`, instead: null }];
  if (issue.code === 'invalid_key') return [badName(path)];
  if (path.length === 0) return [notALab(context)];
  if (issue.code === 'invalid_union') return [wrongValue(path, context)];
  return valueAt(context.input, path) === undefined ? [missing(path, context)] : [wrongValue(path, context)];
}

function unknownField(path: Path, { shape, input, root }: Context): Described {
  const name = String(path.at(-1));
  const place = named(path.slice(0, -1), root);
  const known = Object.keys(shapeAt(shape, path.slice(0, -1))?.properties ?? {});
  const meant = closest(name, known);
  if (meant === undefined) {
    return { path, message: `${place} has no field "${name}". Its fields are ${known.join(', ')}.`, instead: null };
  }
  const message = `${place} has no field "${name}". Did you mean "${meant}"?`;
  return { path, message, meant, instead: written(meant, valueAt(input, path)) };
}

function notALab({ input }: Context): Described {
  const is =
    input === null ? 'There is nothing in this file.' : `This file must be a group of fields, and is ${shown(input)}.`;
  return { path: [], message: `${is} \`npm run lab -- new <id>\` writes one to start from.`, instead: null };
}

function badName(path: Path): Described {
  const name = String(path.at(-1));
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  const message = `"${name}" cannot be a name: use a-z, digits and single hyphens, starting with a letter.`;
  return { path, message, instead: better === '' ? null : `${better}:` };
}

function missing(path: Path, { shape, root }: Context): Described {
  const name = String(path.at(-1));
  const place = named(path.slice(0, -1), root);
  const language = LANGUAGES[name];
  const message = language ? `${place} has no text in ${language} ("${name}").` : `${place} needs "${name}".`;
  return { path, message, isMissing: true, instead: written(name, exampleOf(shapeAt(shape, path))) };
}

function wrongValue(path: Path, { shape, input }: Context): Described {
  const allowed = shapeAt(shape, path);
  const value = valueAt(input, path);
  const choices = allowed?.enum?.filter((choice) => typeof choice === 'string') ?? [];
  const better = (typeof value === 'string' ? closest(value, choices) : asText(value, allowed)) ?? exampleOf(allowed);
  const wanted = choices.length > 0 ? `one of ${choices.join(', ')}` : kindOf(allowed);
  const message = `${named(path)} must be ${wanted}, and is ${shown(value)}.`;
  return { path, message, instead: written(path.at(-1), better) };
}

/** What YAML reads as a number or a truth, where a text was meant. Undefined where it would be no right text either. */
function asText(value: unknown, allowed: Shape | undefined): string | undefined {
  const texts = [allowed, ...(allowed?.anyOf ?? [])].filter((one) => one?.type === 'string');
  if (texts.length === 0 || !['number', 'boolean'].includes(typeof value)) return undefined;
  // 0644 without quotes is a number without its zero.
  const forms = [String(value), `0${String(value)}`];
  return forms.find((form) => texts.some((one) => new RegExp(one?.pattern ?? '').test(form)));
}

function kindOf(shape: Shape | undefined): string {
  if (shape?.type === 'object') return 'a group of fields';
  if (shape?.type === 'array') return 'a list';
  if (shape?.type === 'number') return `a number from ${shape.minimum} to ${shape.maximum}`;
  if (shape?.type === 'boolean') return 'true or false';
  if (shape?.anyOf) return shape.anyOf.map((one) => kindOf(typeof one === 'object' ? one : undefined)).join(' or ');
  return shape?.pattern ? `text like ${JSON.stringify(exampleOf(shape))}` : 'text';
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a group of fields';
  return JSON.stringify(value);
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
  return value;
}

function named(path: Path, root = 'lab'): string {
  return path.length === 0 ? `The ${root}` : path.join('.');
}

function written(key: string | number | undefined, value: unknown): string {
  const lines = typeof key === 'string' ? { [key]: value } : [value];
  return stringify(lines, { lineWidth: 0 }).trimEnd();
}
