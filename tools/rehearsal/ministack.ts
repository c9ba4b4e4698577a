import type { Missing } from './without-missing.ts';

/** The third-party emulator of the rehearsal: https://pypi.org/project/ministack/. It needs Python 3.10, and no Docker. */
export const MINISTACK = 'ministack==1.5.33';

/** What this version cannot create. */
export const MISSING: readonly Missing[] = [
  {
    what: 'it has no policies of event buses',
    has: ({ Type }) => Type === 'AWS::Events::EventBusPolicy',
  },
  {
    what: 'it has no alarms on computed metrics',
    has: ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties?.['Metrics'] !== undefined,
  },
];

/** What this version creates and cannot run. */
export const NOT_REHEARSED: readonly string[] = [
  'reading over the API: it has no streamed answers of functions, so neither a window nor the feed can be asked',
  'permissions: it lets every role do everything',
];
