import dictionary1 from './log-dictionary-1.ts';

/**
 * The preset dictionaries of the log codec: texts that logs of all customers have in common (design section 2), the
 * most frequent last, where a reference to them is shortest. They are made from synthetic logs and hold no
 * customer's data.
 *
 * One that was published never changes and stays for as long as a stored document may name it: nothing else can
 * read that document. A better one gets the next number.
 */
export const LOG_DICTIONARIES: Readonly<Record<number, Buffer>> = { 1: dictionary1 };
