import { describe, expect, test } from 'vitest';
import { readableApplications } from '../../../functions/http/caller.ts';
import { CALLER } from '../../fixtures/callers.ts';

describe('a key', () => {
  test.each([[['player', 'builder']], [['player']], [['builder']]] as const)(
    'for every application opens what is asked for: %j',
    (asked) => {
      expect(readableApplications(asked, CALLER)).toEqual(asked);
    },
  );

  const limited = { keyName: 'team', application: 'builder' } as const;
  test('for one application opens its logs to whoever asks for them, or for all', () => {
    expect(readableApplications(['player', 'builder'], limited)).toEqual(['builder']);
    expect(readableApplications(['builder'], limited)).toEqual(['builder']);
  });

  test('for one application refuses another one by name', () => {
    const message = 'app_type is "player"; accepted: builder, or nothing: the key opens no other logs';
    expect(() => readableApplications(['player'], limited)).toThrow(
      expect.objectContaining({ status: 403, code: 'application_not_allowed', message }),
    );
  });
});
