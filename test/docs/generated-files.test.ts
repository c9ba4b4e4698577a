import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REJECTIONS } from '../../shared/errors.ts';
import { EVENT_ACTIONS, WHEN_PUBLISHED } from '../../shared/event/actions.ts';
import { GATEWAY_ERRORS, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import { rejectionsOf, SAMPLES } from '../../tools/event-catalogue/samples.ts';
import { eventCatalogueFiles } from '../../tools/event-catalogue.ts';
import { jsonSchemas } from '../../tools/json-schemas.ts';
import { openApiFiles } from '../../tools/openapi.ts';
import { namesIn, ROOT, readText, repositoryFiles, tableOf } from './repository.ts';

/** Files that are generated and committed. */

const GENERATORS = {
  openapi: openApiFiles,
  'json-schemas': jsonSchemas,
  'event-catalogue': eventCatalogueFiles,
};
const generated = Object.entries(GENERATORS).flatMap(([script, files]) =>
  Object.entries(files()).map(([path, text]) => ({ path, script, text })),
);

test.each(generated)('$path is current: npm run $script writes it', ({ path, text }) => {
  expect(existsSync(join(ROOT, path)), 'it does not exist').toBe(true);
  expect(readText(path)).toBe(text);
});

test('docs/schemas/ has no file that nothing writes', () => {
  const committed = repositoryFiles().filter((path) => path.startsWith('docs/schemas/'));
  expect(committed.toSorted()).toEqual(Object.keys(jsonSchemas()).toSorted());
});

test('docs/openapi.json has every error, and refers to it', () => {
  const text = readText('docs/openapi.json');
  for (const code of Object.keys({ ...SERVICE_ERRORS, ...GATEWAY_ERRORS }))
    expect(text).toContain(`"$ref": "#/components/schemas/${code}"`);
});

describe('the event catalogue says as the contract', () => {
  const contract = readText('docs/contract.md');

  test('when each event is published', () => {
    const listed = tableOf(contract, '`event.action`').map(([action = '', when]) => [
      ...namesIn(action),
      when,
    ]);
    expect(listed).toEqual(EVENT_ACTIONS.map((action) => [action, WHEN_PUBLISHED[action]]));
  });

  test('why an event is rejected, with an example of each reason', () => {
    const listed = tableOf(contract, '`reason.code`').map(([code = '', when]) => [...namesIn(code), when]);
    expect(listed).toEqual(Object.entries(REJECTIONS));
    for (const sample of SAMPLES)
      expect(rejectionsOf(sample).map(({ code }) => code)).toEqual(Object.keys(REJECTIONS));
  });
});
