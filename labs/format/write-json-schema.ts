import { writeFileSync } from 'node:fs';
import { labJsonSchema } from './json-schema.ts';

/** `node labs/format/write-json-schema.ts`, after a change of lab-schema.ts. */
writeFileSync(new URL('lab.schema.json', import.meta.url), labJsonSchema());
