import type * as z from 'zod';
import type { Path } from './source.ts';

/** A schema as data (JSON Schema): what may stand where, with an example of it. */
export type Shape = z.core.JSONSchema.BaseSchema;

/** What may stand at `path`. Undefined where the schema knows nothing of it. */
export function shapeAt(shape: Shape, path: Path): Shape | undefined {
  let current: Shape | undefined = shape;
  for (const key of path) current = current && child(current, key);
  return current;
}

function child(shape: Shape, key: string | number): Shape | undefined {
  const found = shape.properties?.[key] ?? shape.additionalProperties ?? shape.items;
  return typeof found === 'object' && !Array.isArray(found) ? found : undefined;
}

/** A value that would be right here. */
export function exampleOf(shape: Shape | undefined): unknown {
  if (shape === undefined) return '…';
  if (shape.examples?.[0] !== undefined) return shape.examples[0];
  if (shape.enum?.[0] !== undefined) return shape.enum[0];
  if (shape.default !== undefined) return shape.default;
  if (shape.anyOf?.[0]) return exampleOf(shape.anyOf[0]);
  if (shape.type === 'object') return exampleObject(shape);
  if (shape.type === 'array') return [exampleOf(child(shape, 0))];
  if (shape.type === 'number') return shape.minimum ?? 1;
  if (shape.type === 'boolean') return true;
  return '…';
}

function exampleObject(shape: Shape): unknown {
  const required = shape.required ?? [];
  const fields = required.map((key) => [key, exampleOf(child(shape, key))]);
  if (fields.length > 0) return Object.fromEntries(fields);
  const names = typeof shape.propertyNames === 'object' ? shape.propertyNames : undefined;
  return { [String(exampleOf(names))]: exampleOf(child(shape, '')) };
}
