import * as z from 'zod';
import { imageFileSchema } from './image.ts';
import { labFileSchema } from './lab-schema.ts';

/** What editors complete lab.yaml with; kept in lab.schema.json, which a test compares with this. */
export function labJsonSchema() {
  const { $schema, ...schema } = z.toJSONSchema(labFileSchema, { io: 'input' });
  return { $schema, title: 'Drydock lab', description: 'labs/<id>/lab.yaml; see docs/authoring.md', ...schema };
}

/** As above, for image.yaml; kept in image.schema.json. */
export function imageJsonSchema() {
  const { $schema, ...schema } = z.toJSONSchema(imageFileSchema, { io: 'input' });
  const description = 'labs/images/<image>/image.yaml; see docs/authoring.md';
  return { $schema, title: 'Drydock image', description, ...schema };
}
