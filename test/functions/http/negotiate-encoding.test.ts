import { describe, expect, test } from 'vitest';
import { negotiateEncoding } from '../../../functions/http/negotiate-encoding.ts';

describe('the negotiation of an encoding', () => {
  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['identity', 'identity'],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['*', 'zstd'],
    ['zstd;q=0.1, gzip', 'gzip'],
    ['zstd;q=0, *;q=0.5', 'br'],
    ['identity;q=0.5, gzip;q=0.4', 'identity'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['deflate, compress', 'identity'],
    [';;,q=', 'identity'],
  ])('%j gives %s', (header, encoding) => {
    expect(negotiateEncoding(header)).toBe(encoding);
  });

  test.each(['identity;q=0', '*;q=0', 'deflate, identity;q=0'])('%j leaves nothing: 406', (header) => {
    expect(() => negotiateEncoding(header)).toThrow(
      expect.objectContaining({
        status: 406,
        code: 'no_acceptable_encoding',
        message: expect.stringContaining('accepted: zstd, br, gzip, identity'),
      }),
    );
  });
});
