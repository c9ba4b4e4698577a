import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MISSING } from '../../../tools/rehearsal/ministack.ts';
import { trimAssembly } from '../../../tools/rehearsal/trim-assembly.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trim-assembly-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a trimmed template is published under its own hash', () => {
  const stack = new Stack(new App({ outdir: folder, analyticsReporting: false }), 'Trimmed');
  const bus = new EventBus(stack, 'Bus');
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Publish',
      actions: ['events:PutEvents'],
      principals: [new AccountPrincipal('111122223333')],
      resources: [bus.eventBusArn],
    }),
  );
  new CfnOutput(stack, 'Name', { value: bus.eventBusName });
  (stack.node.root as App).synth();
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const hashOfTemplate = () => createHash('sha256').update(read('Trimmed.template.json')).digest('hex');
  const before = hashOfTemplate();
  // What this test relies on: the CDK names a template by its hash.
  expect(read('Trimmed.assets.json')).toContain(before);

  expect(trimAssembly(folder, MISSING).size).toBe(1);
  expect(read('Trimmed.template.json')).not.toContain('EventBusPolicy');
  for (const file of ['Trimmed.assets.json', 'manifest.json']) {
    expect(read(file)).not.toContain(before);
    expect(read(file)).toContain(hashOfTemplate());
  }
});

test('a folder without a template is an error', () => {
  writeFileSync(join(folder, 'manifest.json'), '{}');
  expect(() => trimAssembly(folder, MISSING)).toThrow('has no template');
});
