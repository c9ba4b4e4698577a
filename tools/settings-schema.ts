import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { settingsSchema } from '../shared/settings/schema.ts';

/** The JSON Schema by which editors complete `settings.json`; a test checks that the committed one is current. */
export const settingsJsonSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(settingsSchema, { io: 'input' }), null, 2)}\n`;

/** `npm run settings-schema` writes it. */
if (import.meta.main) {
  writeFileSync(
    fileURLToPath(new URL('../infra/settings.schema.json', import.meta.url)),
    settingsJsonSchema(),
  );
}
