import { expect, test } from 'vitest';
import { DeliveryFault, faultReason } from '../../../functions/deliver/reason.ts';

test('a fault is told by its message only if the message is ours', () => {
  expect(faultReason(new DeliveryFault('the secret is wrong'))).toBe('the secret is wrong');
  expect(faultReason(new RangeError('a message with the payload'))).toBe('unexpected: RangeError');
});
