import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GATEWAY_ERRORS, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import { CONTRACT, withTables } from '../../tools/contract-tables.ts';
import { readText, repositoryFiles } from './repository.ts';

const page = readFileSync(CONTRACT, 'utf8');

describe('the tables of the contract', () => {
  test('are current: npm run contract-tables writes them', () => {
    expect(page).toBe(withTables(page));
  });

  test('are written where the page has none yet', () => {
    const empty = page.replace(/(<!-- (errors|settings) -->)[\s\S]*?<!-- \/\2 -->/g, '$1');
    expect(empty.length).toBeLessThan(page.length);
    expect(withTables(empty)).toBe(page);
  });

  test('are not written into a page that has no place for them', () => {
    expect(() => withTables('# A page')).toThrow('<!-- errors -->');
  });
});

describe('the catalogue of errors', () => {
  const sourceOf = (room: RegExp): string =>
    repositoryFiles()
      .filter((file) => room.test(file) && file !== 'shared/http-errors.ts')
      .map(readText)
      .join();
  const functions = sourceOf(/^(functions|shared)\/.*\.ts$/);
  const gateway = sourceOf(/^infra\/gateway-responses\.ts$/);

  test.each(Object.keys(SERVICE_ERRORS))('has %s, which a function answers with', (code) => {
    expect(functions).toContain(`'${code}'`);
  });

  test.each(Object.keys(GATEWAY_ERRORS))('has %s, which the gateway answers with', (code) => {
    expect(gateway).toContain(`${code}: ResponseType`);
  });

  test('has Retry-After for each error that tells a caller to wait for it', () => {
    for (const [code, error] of Object.entries({ ...SERVICE_ERRORS, ...GATEWAY_ERRORS }))
      if (error.advice.includes('Retry-After')) expect([code, error]).toHaveProperty('1.retryAfter');
  });
});
