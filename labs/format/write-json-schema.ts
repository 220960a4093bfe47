import { writeFileSync } from 'node:fs';
import { imageJsonSchema, labJsonSchema } from './json-schema.ts';

/** After a change of lab-schema.ts or image.ts: `node labs/format/write-json-schema.ts && npm run format`. */
for (const [name, schema] of Object.entries({ lab: labJsonSchema(), image: imageJsonSchema() })) {
  writeFileSync(new URL(`${name}.schema.json`, import.meta.url), JSON.stringify(schema, null, 2));
}
