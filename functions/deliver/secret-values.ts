import { validateHeaderValue } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { DeliveryFault } from './reason.ts';

/** The shortest and the longest key of a signing secret, bytes, both inclusive. */
const KEY_BYTES = { least: 24, most: 64 };
const PREFIX = /^whsec_/;

/**
 * Whether a text is a signing secret as the Standard Webhooks specification defines it ("Signature scheme").
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function isSigningSecret(text: string): boolean {
  try {
    new Webhook(text);
  } catch {
    return false;
  }
  const { length } = Buffer.from(text.replace(PREFIX, ''), 'base64');
  return length >= KEY_BYTES.least && length <= KEY_BYTES.most;
}

/**
 * Checks a signing secret.
 *
 * @param text the string of the current version, if it has one
 * @returns the text
 * @throws DeliveryFault that says what is wrong with the secret, without its value
 */
export function checkSigningSecret(text: string | undefined): string {
  if (text !== undefined && isSigningSecret(text)) return text;
  const { least, most } = KEY_BYTES;
  throw new DeliveryFault(
    `the signing secret (AWSCURRENT) is not a Standard Webhooks secret: base64 of ${least} to ${most} bytes`,
  );
}

/**
 * Checks the value of a header.
 *
 * @param value the string of the secret, if it has one
 * @returns the value
 * @throws DeliveryFault that names the header if no request can carry the value, without the value
 */
export function checkHeaderValue(name: string, value: string | undefined): string {
  if (value === undefined) throw new DeliveryFault(`the secret of the header ${name} has no string`);
  try {
    validateHeaderValue(name, value);
    return value;
  } catch {
    throw new DeliveryFault(
      `the secret of the header ${name} holds a character that is not allowed in a header, such as a line break`,
    );
  }
}
