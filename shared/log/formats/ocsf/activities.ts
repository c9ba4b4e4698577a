import type { EventAction } from '../../../event/actions.ts';

/** Which class and activity of OCSF each action is (docs/formats.md#ocsf). */

/** What says of an event which class it belongs to, and what was done. */
interface Activity {
  readonly category_uid: number;
  readonly category_name: string;
  readonly class_uid: number;
  readonly class_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly type_name: string;
}

/** The activity that has a name of ours. */
const OTHER = 99;

/** https://schema.ocsf.io/1.1.0/classes/authentication */
const logon = activity(
  { category_uid: 3, category_name: 'Identity & Access Management' },
  { class_uid: 3002, class_name: 'Authentication' },
)(1, 'Logon');

/** https://schema.ocsf.io/1.1.0/classes/web_resources_activity */
const onWebResource = activity(
  { category_uid: 6, category_name: 'Application Activity' },
  { class_uid: 6001, class_name: 'Web Resources Activity' },
);

/** @returns a function that makes an activity of the class from its id and its name */
function activity(
  category: Pick<Activity, 'category_uid' | 'category_name'>,
  eventClass: Pick<Activity, 'class_uid' | 'class_name'>,
) {
  return (activity_id: number, activity_name: string): Activity => ({
    ...category,
    ...eventClass,
    activity_id,
    activity_name,
    // OCSF defines it so: https://schema.ocsf.io/1.1.0/base_event
    type_uid: eventClass.class_uid * 100 + activity_id,
    type_name: `${eventClass.class_name}: ${activity_id === OTHER ? 'Other' : activity_name}`,
  });
}

export const ACTIVITY_OF = {
  CheckAuthResponseMissingCredentials: logon,
  CheckAuthResponseAuthenticationSucceed: logon,
  CheckAuthResponseAuthenticationError: logon,
  CheckAuthResponseAuthenticationFailed: logon,
  LINK_SENT: onWebResource(8, 'Share'),
  OPENED: onWebResource(2, 'Read'),
  DATA_SUBMITTED: onWebResource(3, 'Update'),
  STEP_COMPLETED: onWebResource(OTHER, 'Step Completed'),
  COMPLETED: onWebResource(OTHER, 'Completed'),
} as const satisfies Record<EventAction, Activity>;

export const isAuthentication = (action: EventAction): boolean => ACTIVITY_OF[action] === logon;
