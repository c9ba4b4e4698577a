import { expect, test } from 'vitest';
import type { Template } from '../../local/emulator/template/assembly.ts';
import { withoutWindowLimit } from '../../local/window-limit.ts';
import { synthesize } from '../infra/synthesize.ts';

const stageOf = ({ Resources }: Template) =>
  Object.values(Resources).find(({ Type }) => Type === 'AWS::ApiGateway::Stage')?.Properties ?? {};

test('on one machine, windows have the limit of the stage, and nothing else is changed', () => {
  const template = synthesize().json as unknown as Template;
  const local = withoutWindowLimit(template);
  expect(stageOf(template)['MethodSettings']).toHaveLength(3);
  expect(stageOf(local)['MethodSettings']).toEqual([
    expect.objectContaining({ HttpMethod: '*', ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 }),
  ]);
  const { MethodSettings: _, ...stage } = stageOf(template);
  expect(stageOf(local)).toMatchObject(stage);
  expect(Object.keys(local.Resources)).toEqual(Object.keys(template.Resources));
});
