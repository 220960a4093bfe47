import * as z from 'zod';
import { labFileSchema } from './lab-schema.ts';

/** What editors complete lab.yaml with. Kept in lab.schema.json; `npm run lab -- check` says when it is out of date. */
export function labJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(labFileSchema, { io: 'input' });
  const titled = { $schema, title: 'Drydock lab', description: 'labs/<id>/lab.yaml; see docs/authoring.md', ...schema };
  return `${JSON.stringify(titled, null, 2)}\n`;
}
