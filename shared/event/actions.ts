/**
 * The nine security events, and the groups of the settings (docs/contract.md#the-nine-events). The spellings are those
 * of the contract.
 */
export const EVENT_ACTIONS = [
  'CheckAuthResponseMissingCredentials',
  'CheckAuthResponseAuthenticationSucceed',
  'CheckAuthResponseAuthenticationError',
  'CheckAuthResponseAuthenticationFailed',
  'LINK_SENT',
  'OPENED',
  'DATA_SUBMITTED',
  'STEP_COMPLETED',
  'COMPLETED',
] as const;

export type EventAction = (typeof EVENT_ACTIONS)[number];

/** The groups that a customer may name in the settings instead of single actions. */
export const EVENT_GROUPS = {
  Authentication: [
    'CheckAuthResponseMissingCredentials',
    'CheckAuthResponseAuthenticationSucceed',
    'CheckAuthResponseAuthenticationError',
    'CheckAuthResponseAuthenticationFailed',
  ],
  'Link Sent': ['LINK_SENT'],
  Opened: ['OPENED'],
  'Data Submitted': ['DATA_SUBMITTED'],
  'Step Completed': ['STEP_COMPLETED'],
  Completed: ['COMPLETED'],
} as const satisfies Record<string, readonly EventAction[]>;

export type EventGroup = keyof typeof EVENT_GROUPS;

/** When each event is published, as docs/contract.md#the-nine-events says it. */
export const WHEN_PUBLISHED = {
  CheckAuthResponseMissingCredentials: 'an authentication provider was asked without credentials',
  CheckAuthResponseAuthenticationSucceed: 'authentication passed',
  CheckAuthResponseAuthenticationError: 'the provider failed',
  CheckAuthResponseAuthenticationFailed: 'authentication was refused',
  LINK_SENT: 'a link to the process was sent',
  OPENED: 'the link was opened',
  DATA_SUBMITTED: 'the user clicked submit',
  STEP_COMPLETED: 'a step was completed',
  COMPLETED: 'the whole workflow was completed',
} as const satisfies Record<EventAction, string>;
