/**
 * The metric that the deliver function counts and an alarm looks at: how long ago a log that was not delivered could
 * not be delivered for the first time, seconds.
 */
export const UNDELIVERED_AGE = 'UndeliveredAge';
