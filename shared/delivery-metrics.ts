/**
 * A metric that the deliver function counts and an alarm watches: the time since the first failure of a log that is
 * not delivered, seconds.
 */
export const UNDELIVERED_AGE = 'UndeliveredAge';

/**
 * Another one: how much of the lifetime of a log is left when it is put back to be tried again, seconds; 0 if the lifetime
 * of an undelivered log has ended.
 */
export const REMAINING_LIFETIME = 'RemainingLifetime';

/** Another one: 1 for each delivery that the custom service took, 0 for each that failed and is tried again. */
export const DELIVERED = 'Delivered';
