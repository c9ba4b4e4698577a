import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SERVICES } from '../../local/emulator/services.ts';
import type { Template as LocalTemplate } from '../../local/emulator/template/assembly.ts';
import { deploy } from '../../local/emulator/template/deployment.ts';
import { drawnSettings } from './drawn-settings.ts';
import { stackInApp } from './synthesize.ts';

/** Each run synthesizes a stack, which takes a second. */
const RUNS = 8;
const TIMEOUT = 120_000;

const PLACE = {
  stackName: 'local',
  region: 'us-east-1',
  accountId: '000000000000',
  awsUrl: 'http://127.0.0.1:1',
  gatewayUrl: 'http://127.0.0.1:2',
};

/** What a deployed stack must keep, whatever its settings become (test/infra/stateful-resources.test.ts). */
const KEPT = [
  'LogsTableAAA0555B',
  'Bus95A03305',
  'ApiKeySecret127E4672',
  'IngestQueue95F6DB49',
  'RejectionsQueue86D3C6BD',
  'ApiRest4DEC74FE',
];

test(
  'every combination of settings is a template without a warning or an unacknowledged finding, that keeps its resources and runs on one machine',
  () => {
    fc.assert(
      fc.property(drawnSettings, (settings) => {
        const stack = stackInApp(settings);
        // The checks of cdk-nag are part of the synthesis: it throws at the first finding.
        const template = Template.fromStack(stack).toJSON() as LocalTemplate;
        const annotations = Annotations.fromStack(stack);
        expect(annotations.findWarning('*', Match.anyValue())).toEqual([]);
        expect(annotations.findError('*', Match.anyValue())).toEqual([]);
        expect(Object.keys(template.Resources)).toEqual(expect.arrayContaining(KEPT));
        const types = SERVICES.flatMap(({ resourceTypes }) => resourceTypes);
        expect(() => deploy(template, types, PLACE)).not.toThrow();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  TIMEOUT,
);
