import { expect, test } from 'vitest';
import { throttle } from '../../../../local/emulator/api-gateway/throttle.ts';

const STAGE = { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 3 };
const GET_ITEMS = {
  HttpMethod: 'GET',
  ResourcePath: '/~1items~1all',
  ThrottlingRateLimit: 1,
  ThrottlingBurstLimit: 2,
};
const items = { method: 'GET', resource: '/items/all' };
const other = { method: 'GET', resource: '/other' };

/** How many of so many requests at the same time are admitted. */
const admitted = (admit: (route: typeof items) => boolean, route: typeof items, requests = 10): number =>
  Array.from({ length: requests }, () => admit(route)).filter(Boolean).length;

test('a method with a limit of its own has that one, and takes nothing from the others', () => {
  const admit = throttle([STAGE, GET_ITEMS], () => 0);
  expect(admitted(admit, items)).toBe(2);
  expect(admitted(admit, other)).toBe(3);
});

test('methods without a limit of their own share the one of the stage', () => {
  const admit = throttle([STAGE, GET_ITEMS], () => 0);
  expect(admitted(admit, other, 2)).toBe(2);
  expect(admitted(admit, { ...items, method: 'HEAD' })).toBe(1);
});

test('without any settings, the limit is that of an account', () => {
  expect(
    admitted(
      throttle([], () => 0),
      items,
      6000,
    ),
  ).toBe(5000);
});

test('a limit comes back with time', () => {
  let now = 0;
  const admit = throttle([STAGE, GET_ITEMS], () => now);
  admitted(admit, items);
  now = 1000;
  expect(admitted(admit, items)).toBe(1);
});
