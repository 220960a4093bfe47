import * as z from 'zod';
import { labFileSchema } from './lab-schema.ts';

/** What editors complete lab.yaml with; kept in lab.schema.json, which a test compares with this. */
export function labJsonSchema() {
  const { $schema, ...schema } = z.toJSONSchema(labFileSchema, { io: 'input' });
  return { $schema, title: 'Drydock lab', description: 'labs/<id>/lab.yaml; see docs/authoring.md', ...schema };
}
