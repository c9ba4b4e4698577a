import * as z from 'zod/mini';
import { settingsSchema } from '../shared/settings/schema.ts';
import { writeGenerated } from './write-generated.ts';

/** The JSON Schema by which editors complete `settings.json`; a test checks that the committed one is current. */
export const settingsJsonSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(settingsSchema, { io: 'input' }), null, 2)}\n`;

const USAGE = `Usage: npm run settings-schema

Writes infra/settings.schema.json, the JSON Schema of the settings, from shared/settings/schema.ts.

  --help  show this
`;

if (import.meta.main)
  await writeGenerated(USAGE, () => ({ 'infra/settings.schema.json': settingsJsonSchema() }));
