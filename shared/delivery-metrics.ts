/**
 * The metric that the deliver function counts and an alarm watches: the time since the first failure of a log that is
 * not delivered, seconds.
 */
export const UNDELIVERED_AGE = 'UndeliveredAge';
