import { describe, expect, test } from 'vitest';
import { router } from '../../../../local/emulator/api-gateway/router.ts';

test('a router finds the literal path, and refuses path parameters', () => {
  const routes = ['/items/all', '/'].map((resource) => ({ method: 'GET', resource, target: resource }));
  const find = router(routes);
  expect(find('GET', '/items/all')).toMatchObject({ target: '/items/all' });
  expect(find('GET', '/items/a%6Cl')).toMatchObject({ target: '/items/all' });
  for (const other of ['/items%2Fall', '/items/a/b', '/items']) expect(find('GET', other)).toBeUndefined();
  expect(find('GET', '/')).toMatchObject({ target: '/' });
  for (const resource of ['/{proxy+}', '/items/{id}']) {
    expect(() => router([{ method: 'GET', resource, target: 1 }])).toThrow(`GET ${resource}`);
  }
});

describe('the method ANY of a route', () => {
  const find = router([
    { method: 'ANY', resource: '/items/all', target: 'any' },
    { method: 'HEAD', resource: '/items/all', target: 'head' },
    { method: 'GET', resource: '/items/1', target: 'get' },
  ]);

  test.each(['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT'])('is also %s', (method) => {
    expect(find(method, '/items/all')).toMatchObject({ target: 'any' });
  });

  test('gives way to the exact one', () => {
    expect(find('HEAD', '/items/all')).toMatchObject({ target: 'head' });
  });

  test.each(['TRACE', 'PROPFIND', 'ANY', 'get', ''])(
    'is no method API Gateway does not have (%j)',
    (method) => {
      expect(find(method, '/items/all')).toBeUndefined();
    },
  );

  test('is not that of another path', () => {
    expect(find('POST', '/items/1')).toBeUndefined();
  });
});
