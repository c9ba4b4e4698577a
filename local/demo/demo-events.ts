import type { EventAction } from '../../shared/event/actions.ts';
import type { SampleEvent } from '../../shared/event/sample-events.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { person } from './demo-people.ts';
import { type Random, seededRandom } from './random.ts';

/** How many processes the hour has. */
const PROCESSES = 90;

interface Flow {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly steps: readonly string[];
}

const FLOWS: readonly [Flow, ...Flow[]] = [
  {
    id: 'car-claim',
    name: 'Report damage to a car',
    group: 'Claims',
    steps: ['damage', 'photos', 'summary'],
  },
  {
    id: 'new-account',
    name: 'Open an account',
    group: 'Retail',
    steps: ['identity', 'documents', 'consent', 'summary'],
  },
  { id: 'address', name: 'Change an address', group: 'Service', steps: ['address', 'summary'] },
  {
    id: 'loan',
    name: 'Apply for a loan',
    group: 'Lending',
    steps: ['income', 'offer', 'consent', 'summary'],
  },
];

const METHODS: readonly [string, ...string[]] = ['OTP', 'OTP', 'SAML', 'ID'];

type Step = readonly [action: EventAction, wait: number, label?: Readonly<Record<string, unknown>>];

/** How often an authentication fails, and whether it succeeds after that. */
interface Attempts {
  readonly failures: number;
  readonly succeeds: boolean;
}

/**
 * A realistic hour: customers go through processes, some give up, some mistype a code once or twice. Exactly one process
 * fails its authentication three times in a row and then succeeds.
 *
 * @param end when the hour ends, epoch milliseconds
 * @param seed the same seed gives the same hour
 */
export function demoEvents(end: number, seed: number): SampleEvent[] {
  const random = seededRandom(seed);
  const remarkable = random.between(20, 60);
  const events = Array.from({ length: PROCESSES }, (_, index) =>
    processEvents(
      random,
      end,
      index,
      index === remarkable ? { failures: 3, succeeds: true } : attempts(random),
    ),
  ).flat();
  return events.sort((a, b) => (a.detail['@timestamp'] < b.detail['@timestamp'] ? -1 : 1));
}

function attempts(random: Random): Attempts {
  if (random.chance(0.7)) return { failures: 0, succeeds: true };
  return random.chance(0.6)
    ? { failures: random.between(1, 2), succeeds: true }
    : { failures: random.between(1, 4), succeeds: false };
}

function processEvents(random: Random, end: number, index: number, auth: Attempts): SampleEvent[] {
  const flow = random.pick(FLOWS);
  const { timezone, fields } = person(random);
  const label = {
    customer_id: 'acme',
    business_group: flow.group,
    process_id: flow.id,
    web_flow_name: flow.name,
    player_version: '4.12.0',
    is_co_browsing_on: false,
    rid: random.uuid(),
    page_analytics_id: random.uuid(),
  };
  let time = end - HOUR + Math.floor((index * HOUR) / PROCESSES) + random.between(0, 20 * SECOND);
  const events: SampleEvent[] = [];
  for (const [action, wait, own] of stepsOf(random, flow, auth)) {
    time += wait;
    // The last processes go on after the hour.
    if (time > end) break;
    events.push({
      source: 'easysend.player',
      detail: {
        '@timestamp': new Date(time).toISOString(),
        organization: { name: 'Acme' },
        ...fields,
        event: { action, timezone },
        url: { full: `https://digital.acme.example/player/${flow.id}?rid=${label.rid}` },
        service: { environment: 'production' },
        label: { ...label, ...own },
      },
    });
  }
  return events;
}

function* stepsOf(random: Random, { steps }: Flow, { failures, succeeds }: Attempts): Generator<Step> {
  const pause = (least: number, most: number): number => random.between(least, most);
  const method = { authentication_method: random.pick(METHODS), auth_page: 'verify-code' };
  yield ['LINK_SENT', 0, { source_type: random.pick(['SMS', 'email']) }];
  if (failures === 0 && random.chance(0.15)) return;
  yield ['OPENED', pause(5 * SECOND, 2 * MINUTE), { page_name: 'welcome', page_index: '0' }];
  yield ['CheckAuthResponseMissingCredentials', pause(300, 2 * SECOND), { ...method, auth_action: 'open' }];
  for (let i = 0; i < failures; i++) {
    const failed = { ...method, auth_action: 'submit', authentication_status: 'failed' };
    yield ['CheckAuthResponseAuthenticationFailed', pause(6 * SECOND, 40 * SECOND), failed];
  }
  if (!succeeds) return;
  const succeeded = { ...method, auth_action: 'submit', authentication_status: 'succeeded' };
  yield ['CheckAuthResponseAuthenticationSucceed', pause(6 * SECOND, 40 * SECOND), succeeded];
  for (const [index, step] of steps.entries()) {
    if (random.chance(0.06)) return;
    const place = { step_id: step, step_index: String(index + 1), page_name: step };
    yield ['STEP_COMPLETED', pause(10 * SECOND, 90 * SECOND), place];
    yield ['DATA_SUBMITTED', pause(300, 3 * SECOND), place];
  }
  yield ['COMPLETED', pause(SECOND, 5 * SECOND), { step_id: 'summary', page_name: 'summary' }];
}
