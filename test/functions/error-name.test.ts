import { describe, expect, test } from 'vitest';
import { errorName } from '../../functions/error-name.ts';

const withFields = (name: string, fields: object): Error =>
  Object.assign(new Error('a message with the payload'), { name, ...fields });

describe('an error is told', () => {
  test.each([
    [
      'of AWS by its name and status',
      withFields('AccessDenied', { $metadata: { httpStatusCode: 403 } }),
      'AccessDenied (403)',
    ],
    [
      'of AWS, that came to no answer, by its name',
      withFields('TimeoutError', { $metadata: { attempts: 3 } }),
      'TimeoutError',
    ],
    ['of the network by its code', withFields('Error', { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    ['that was aborted by its name', new DOMException('aborted', 'AbortError'), 'AbortError'],
    ['that is none', 'a text with the payload', 'unknown error'],
  ])('%s', (_, error, expected) => {
    expect(errorName(error)).toBe(expected);
  });
});
