import type { EventAction } from '../../shared/event/actions.ts';
import { address, type Place, place } from './places.ts';
import type { Random } from './random.ts';
import type { Browser } from './user-agents.ts';
import type { Named, Process, Step, Vocabulary } from './vocabulary.ts';

/** One user's way through one process: everything its logs have in common, and what will happen. */
export interface Session {
  readonly process: Process;
  readonly group: Named;
  readonly browser: Browser;
  readonly place: Place;
  readonly address: string;
  readonly rid: string;
  readonly masterRid: string;
  readonly processId: string;
  readonly token: string;
  readonly isCoBrowsing: boolean;
  readonly isBot: boolean;
  readonly recipient: string;
  readonly authentication: Authentication;
  /** What happens, in order. */
  readonly events: readonly SessionEvent[];
}

export interface Authentication {
  readonly method: string;
  readonly status: string;
  /** Told by the platform's own one-time password only. */
  readonly action?: string;
  readonly page?: string;
}

export interface SessionEvent {
  readonly action: EventAction;
  /** Where in the process; link and authentication events happen outside of it. */
  readonly position?: { readonly step: Step; readonly stepIndex: number; readonly pageIndex: number };
}

const AUTHENTICATIONS: readonly Authentication[] = [
  { method: 'otp', status: 'success', action: 'verify', page: 'otp-verification' },
  { method: 'none', status: 'not_required' },
  { method: 'id_and_dob', status: 'success' },
  { method: 'otp', status: 'failed', action: 'verify', page: 'otp-verification' },
  { method: 'otp', status: 'pending', action: 'send', page: 'otp-request' },
  { method: 'sso', status: 'success' },
  { method: 'password', status: 'failed' },
];

/** A user begins. */
export function createSession(random: Random, vocabulary: Vocabulary): Session {
  const process = random.pickSkewed(vocabulary.processes);
  const where = place(random, vocabulary.home);
  const authentication = random.pickSkewed(AUTHENTICATIONS);
  return {
    process,
    group: random.pickSkewed(vocabulary.groups),
    browser: random.pickSkewed(vocabulary.browsers),
    place: where,
    address: address(random),
    rid: random.uuid(),
    masterRid: random.uuid(),
    processId: random.uuid(),
    token: random.token(random.integer(32, 86)),
    isCoBrowsing: random.chance(0.1),
    isBot: random.chance(0.01),
    recipient:
      process.sourceType === 'email'
        ? `user${random.integer(1000, 9_999_999)}@mail.example`
        : `${where.dialingCode}555${random.integer(1_000_000, 9_999_999)}`,
    authentication,
    events: createEvents(random, process, authentication),
  };
}

function createEvents(
  random: Random,
  process: Process,
  authentication: Authentication,
): readonly SessionEvent[] {
  const events: SessionEvent[] = [{ action: 'LINK_SENT' }];
  if (random.chance(0.1)) return events;
  if (authentication.method !== 'none') {
    if (random.chance(0.3)) events.push({ action: 'CheckAuthResponseMissingCredentials' });
    if (random.chance(0.05)) events.push({ action: 'CheckAuthResponseAuthenticationError' });
    if (authentication.status === 'failed' || random.chance(0.2))
      events.push({ action: 'CheckAuthResponseAuthenticationFailed' });
    if (authentication.status === 'failed') return events;
    events.push({ action: 'CheckAuthResponseAuthenticationSucceed' });
  }

  let position: SessionEvent['position'];
  for (const [stepIndex, step] of process.steps.entries()) {
    position = { step, stepIndex, pageIndex: step.pages.length - 1 };
    if (stepIndex === 0) events.push({ action: 'OPENED', position: { ...position, pageIndex: 0 } });
    if (random.chance(0.12)) return events;
    events.push({ action: 'DATA_SUBMITTED', position }, { action: 'STEP_COMPLETED', position });
  }
  events.push(position ? { action: 'COMPLETED', position } : { action: 'COMPLETED' });
  return events;
}
