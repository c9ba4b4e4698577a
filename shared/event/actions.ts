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
