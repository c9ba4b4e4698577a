import { SCHEMA_FILES } from './package/schema-files.ts';
import { type GeneratedFiles, writeGenerated } from './write-generated.ts';

const USAGE = `Usage: npm run json-schemas

Writes docs/schemas/, the JSON Schemas of an event and of a log in each format, from the zod schemas in shared/. The schema of
the settings is infra/settings.schema.json, which npm run settings-schema writes.

  --help  show this
`;

/** A test checks that the committed ones are current. */
export const jsonSchemas = (): GeneratedFiles =>
  Object.fromEntries(
    SCHEMA_FILES.filter(({ name }) => name !== 'settings').map(({ file, json }) => [
      `docs/schemas/${file}`,
      json,
    ]),
  );

if (import.meta.main) await writeGenerated(USAGE, jsonSchemas);
