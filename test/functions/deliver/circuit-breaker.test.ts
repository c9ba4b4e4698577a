import { beforeEach, describe, expect, test } from 'vitest';
import { type CircuitBreaker, circuitBreaker } from '../../../functions/deliver/circuit-breaker.ts';

describe('a circuit breaker', () => {
  let clock: number;
  let breaker: CircuitBreaker;
  beforeEach(() => {
    clock = 1000;
    breaker = circuitBreaker({ firstMs: 5_000, longestMs: 30_000, now: () => clock });
  });
  const fail = (times: number): void => {
    for (let i = 0; i < times; i++) breaker.failed();
  };
  /** Lets the time pass until a probe may be made, and returns how long that was. */
  const untilProbe = (): number => {
    const ms = breaker.remainingMs();
    clock += ms;
    return ms;
  };

  test('stays closed while fewer than five attempts fail in a row', () => {
    for (let i = 0; i < 10; i++) {
      fail(4);
      breaker.answered();
    }
    expect([breaker.state(), breaker.remainingMs()]).toEqual(['closed', 0]);
  });

  test('opens with the fifth, until the time of the probe', () => {
    fail(5);
    expect(breaker.state()).toBe('open');
    clock += 4_999;
    expect([breaker.state(), breaker.remainingMs()]).toEqual(['open', 1]);
    clock += 1;
    expect([breaker.state(), breaker.remainingMs()]).toEqual(['half-open', 0]);
  });

  test('doubles its time with each probe that fails, up to a limit', () => {
    fail(5);
    const times = Array.from({ length: 5 }, () => {
      const ms = untilProbe();
      fail(1);
      return ms;
    });
    expect(times).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
  });

  test('learns nothing new from attempts that were under way when it opened', () => {
    fail(15);
    expect(untilProbe()).toBe(5_000);
    expect(breaker.state()).toBe('half-open');
  });

  test('closes with any answer, and begins anew', () => {
    fail(5);
    untilProbe();
    fail(1);
    untilProbe();
    breaker.answered();
    expect(breaker.state()).toBe('closed');
    fail(4);
    expect(breaker.state()).toBe('closed');
    fail(1);
    expect(untilProbe()).toBe(5_000);
  });

  test('closes with the answer to an attempt that was under way, too', () => {
    fail(5);
    breaker.answered();
    expect(breaker.state()).toBe('closed');
  });
});
