import { describe, expect, test } from 'vitest';
import { WINDOW_FORMATS } from '../../../functions/http/answer-formats/offered-formats.ts';
import { negotiateFormat } from '../../../functions/http/negotiate-format.ts';

describe('a caller is answered with JSON', () => {
  test.each<[string | undefined, string]>([
    [undefined, 'no header'],
    ['', 'an empty header'],
    ['application/json', 'JSON'],
    ['APPLICATION/JSON', 'any case'],
    ['application/json; charset=utf-8', 'JSON in UTF-8'],
    ['application/*', 'any application'],
    ['*/*', 'anything'],
    ['text/html, application/json;q=0.1', 'JSON rather than nothing'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'a browser'],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', 'an old Java client'],
    ['json', 'malformed: no media range'],
    [',,;', 'malformed: no word'],
    ['text/html;q=high', 'malformed: a weight that is no number'],
  ])('that sends Accept %j: %s', (accept) => {
    expect(negotiateFormat(accept, WINDOW_FORMATS).mediaType).toBe('application/json');
  });

  test.each(['application/x-ndjson', 'application/x-ndjson;charset=utf-8', 'application/json;q=0, */*'])(
    'or with lines where it prefers them: %j',
    (accept) => {
      expect(negotiateFormat(accept, WINDOW_FORMATS).mediaType).toBe('application/x-ndjson');
    },
  );

  test.each(['text/html', 'application/xml', 'text/*, image/*', 'application/json;q=0', '*/*;q=0'])(
    'unless its Accept leaves nothing: %j',
    (accept) => {
      expect(() => negotiateFormat(accept, WINDOW_FORMATS)).toThrow(
        expect.objectContaining({
          status: 406,
          code: 'not_acceptable',
          message: `Accept is ${JSON.stringify(accept)}; accepted: application/json, application/x-ndjson`,
        }),
      );
    },
  );
});
