import { expect, test } from 'vitest';
import { requireReadingMethod } from '../../../functions/http/method.ts';

test.each(['GET', 'HEAD'])('%s is allowed', (method) => {
  expect(() => requireReadingMethod(method)).not.toThrow();
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'])(
  '%s is not, and is told what is',
  (method) => {
    expect(() => requireReadingMethod(method)).toThrow(
      expect.objectContaining({
        status: 405,
        code: 'method_not_allowed',
        message: `the method is "${method}"; accepted: GET, HEAD`,
        headers: { Allow: 'GET, HEAD' },
      }),
    );
  },
);
