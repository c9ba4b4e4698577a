import type { Operation } from './operation.ts';
import { READ_DELIVERIES } from './read-deliveries.ts';
import { READ_FEED } from './read-feed.ts';
import { READ_STATUS } from './read-status.ts';
import { READ_WINDOW } from './read-window.ts';

/** Every operation of the API, in the order of the document. A new one is a file beside this one, and its name here. */
export const OPERATIONS: readonly Operation[] = [READ_WINDOW, READ_FEED, READ_DELIVERIES, READ_STATUS];

/** The stage of the API, which every path begins with. */
export const STAGE = 'player';
