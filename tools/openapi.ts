import { openApiDocument } from './openapi/document.ts';
import { type GeneratedFiles, writeGenerated } from './write-generated.ts';

const USAGE = `Usage: npm run openapi

Writes docs/openapi.json, the OpenAPI 3.1 document of the API, from shared/operations/, the parameters in shared/query/ and
shared/http-errors.ts.

  --help  show this
`;

/** A test checks that the committed one is current. */
export const openApiFiles = (): GeneratedFiles => ({
  'docs/openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
});

if (import.meta.main) await writeGenerated(USAGE, openApiFiles);
