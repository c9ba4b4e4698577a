import { describe, expect, test } from 'vitest';
import { errorForCaller, errorResponse } from '../../../functions/http/responses.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { HttpError } from '../../../shared/http-errors.ts';

const errorOf = (error: unknown) => {
  const { statusCode, headers, body } = errorResponse(errorForCaller(error, 'request-1'));
  return { statusCode, headers, error: JSON.parse(body as string).error };
};

describe('the answer to an error', () => {
  test('of the caller has its code, its message and its details', () => {
    const { statusCode, error } = errorOf(new HttpError('window_too_large', 'why', { next_end_time: '2' }));
    expect([statusCode, error]).toEqual([
      408,
      { code: 'window_too_large', message: 'why', next_end_time: '2' },
    ]);
  });

  test('of the store is a 503 that says when to come back, and nothing of the store', () => {
    const { statusCode, headers, error } = errorOf(
      new StoreUnavailable('DynamoDB failed', { cause: new Error('ECONNREFUSED 10.0.0.1') }),
    );
    expect(statusCode).toBe(503);
    expect(headers['Retry-After']).toMatch(/^[1-9]\d*$/);
    expect(error).toEqual({
      code: 'store_unavailable',
      message: expect.not.stringMatching(/dynamo|ECONN|10\.0/i),
    });
  });

  test('of our own is a 500 with the id under which it is logged, and nothing else', () => {
    const { statusCode, headers, error } = errorOf(new TypeError('x is undefined'));
    expect(statusCode).toBe(500);
    expect(headers['Retry-After']).toBeUndefined();
    expect(error).toEqual({
      code: 'internal_error',
      message: expect.not.stringContaining('undefined'),
      request_id: 'request-1',
    });
  });
});
