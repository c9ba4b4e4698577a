import { expect, test } from 'vitest';
import { readSettings } from '../../shared/settings/schema.ts';
import { whatStays } from '../../tools/destroy.ts';

test('who deletes the stack is told what stays, by default everything that holds data', () => {
  const words = whatStays(readSettings({ stackName: 'TenantB' }));
  expect(words).toContain('This deletes the stack TenantB.');
  for (const kept of ['table of logs', 'queues', 'secrets', 'log groups']) expect(words).toContain(kept);
  expect(words).not.toContain('CloudFormation will refuse');
});

test('who deletes the stack is told that nothing stays, where the settings say so', () => {
  expect(whatStays(readSettings({ account: { removal: 'delete' } }))).toContain('Nothing stays');
});

test('who deletes a protected stack is told how', () => {
  expect(whatStays(readSettings({ terminationProtection: true }))).toContain('Set it to false, deploy');
});
