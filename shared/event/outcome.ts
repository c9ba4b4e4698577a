import type { EventAction } from './actions.ts';

/** Whether what was tried came about. */
export const OUTCOMES = ['success', 'failure', 'none'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The outcome that each action stands for (docs/formats.md#outcomes). Only an authentication that was tried has one: without
 * credentials nothing was tried, and the other events say that something happened.
 */
export const OUTCOME_OF = {
  CheckAuthResponseMissingCredentials: 'none',
  CheckAuthResponseAuthenticationSucceed: 'success',
  CheckAuthResponseAuthenticationError: 'failure',
  CheckAuthResponseAuthenticationFailed: 'failure',
  LINK_SENT: 'none',
  OPENED: 'none',
  DATA_SUBMITTED: 'none',
  STEP_COMPLETED: 'none',
  COMPLETED: 'none',
} as const satisfies Record<EventAction, Outcome>;
