import { describe, expect, test } from 'vitest';
import { deliveryState, readStates } from '../../../shared/delivery/delivery-states.ts';

describe('the parameter state', () => {
  test.each([
    ['failed', ['failed']],
    ['waiting,failed', ['waiting', 'failed']],
    ['undelivered', ['waiting', 'failed', 'expired', 'unknown']],
    ['delivered,undelivered', ['delivered', 'waiting', 'failed', 'expired', 'unknown']],
  ])('reads %s', (value, states) => {
    expect([...(readStates(value) ?? [])]).toEqual(states);
  });

  test.each(['', 'Failed', 'failed,', 'lost'])('does not read %j', (value) => {
    expect(readStates(value)).toBeUndefined();
  });
});

describe('the state of a delivery', () => {
  const record = (state: 'delivered' | 'waiting' | 'failed' | 'expired') => ({ state, attempts: 1, at: 0 });

  test('is unknown without a record, also when the lifetime has ended', () => {
    expect([deliveryState(undefined, false), deliveryState(undefined, true)]).toEqual(['unknown', 'unknown']);
  });

  test('is that of the record', () => {
    for (const state of ['delivered', 'waiting', 'failed', 'expired'] as const)
      expect(deliveryState(record(state), false)).toBe(state);
  });

  test('is expired once the lifetime of a waiting log has ended, and no other changes by that', () => {
    expect(deliveryState(record('waiting'), true)).toBe('expired');
    for (const state of ['delivered', 'failed', 'expired'] as const)
      expect(deliveryState(record(state), true)).toBe(state);
  });
});
