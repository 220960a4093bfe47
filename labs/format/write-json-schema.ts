import { writeFileSync } from 'node:fs';
import { labJsonSchema } from './json-schema.ts';

/** After a change of lab-schema.ts: `node labs/format/write-json-schema.ts && npm run format`. */
writeFileSync(new URL('lab.schema.json', import.meta.url), JSON.stringify(labJsonSchema(), null, 2));
