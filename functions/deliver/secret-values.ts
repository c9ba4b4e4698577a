import { validateHeaderValue } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { DeliveryFault } from './reason.ts';

/** How long the key in a signing secret is, bytes, both inclusive. */
const KEY_BYTES = { least: 24, most: 64 };
const PREFIX = /^whsec_/;

/**
 * Whether a text is a signing secret as the Standard Webhooks specification has it ("Signature scheme").
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
 * @param text the string of the current version, if it has one
 * @returns it
 * @throws DeliveryFault saying what is wrong with the secret, never its value
 */
export function checkSigningSecret(text: string | undefined): string {
  if (text !== undefined && isSigningSecret(text)) return text;
  const { least, most } = KEY_BYTES;
  throw new DeliveryFault(
    `the signing secret (AWSCURRENT) is not a Standard Webhooks secret: base64 of ${least} to ${most} bytes`,
  );
}

/**
 * @param value the string of the secret, if it has one
 * @returns it
 * @throws DeliveryFault naming the header whose secret no request can carry, never its value
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
