import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test } from 'vitest';
import { isSigningSecret } from '../../../functions/deliver/secret-values.ts';
import { deliverySecrets } from '../../../functions/deliver/secrets.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const key = (byte: number, bytes = 32): string => Buffer.alloc(bytes, byte).toString('base64');

let clock: number;
/** The versions of each secret, by ARN and stage. */
let values: Record<string, string | Error | undefined>;
let reads: string[];
let failures: string[];
beforeEach(() => {
  clock = 0;
  reads = [];
  failures = [];
  values = { 'signing AWSCURRENT': key(1), 'token AWSCURRENT': 'Bearer the-token' };
});

const start = () =>
  deliverySecrets({
    client: {
      async send({ input: { SecretId, VersionStage } }: GetSecretValueCommand) {
        const name = `${SecretId} ${VersionStage}`;
        reads.push(name);
        if (!(name in values))
          throw new ResourceNotFoundException({ message: 'no', $metadata: { httpStatusCode: 400 } });
        const value = values[name];
        if (value instanceof Error) throw value;
        return { SecretString: value };
      },
    } as unknown as Pick<SecretsManagerClient, 'send'>,
    signingSecret: 'signing',
    headerSecrets: { Authorization: 'token' },
    now: () => clock,
    onFailure: (error) => failures.push((error as Error).message),
  });
const INVALID = 'the signing secret (AWSCURRENT) is not a Standard Webhooks secret: base64 of 24 to 64 bytes';

describe('what a signing secret is', () => {
  test.each([
    ['base64 of 24 bytes', key(1, 24), true],
    ['base64 of 64 bytes', key(1, 64), true],
    ['with the prefix of the specification', `whsec_${key(1)}`, true],
    ['64 letters and digits, as the stack generates it', 'a1B2'.repeat(16), true],
    ['base64 of 23 bytes', key(1, 23), false],
    ['base64 of 65 bytes', key(1, 65), false],
    ['nothing', '', false],
    ['a sentence', 'this is a secret, and it is not base64', false],
    ['with a line break at its end', `${key(1)}\n`, false],
    ['a JSON object', JSON.stringify({ secret: key(1) }), false],
  ])('%s', (_, text, expected) => {
    expect(isSigningSecret(text)).toBe(expected);
  });
});

describe('the secrets of a custom service', () => {
  test('are the current one and, while there is one, the previous one', async () => {
    expect(await start().signingSecrets()).toEqual([key(1)]);
    values['signing AWSPREVIOUS'] = key(2);
    expect(await start().signingSecrets()).toEqual([key(1), key(2)]);
    expect(await start().headers()).toEqual({ Authorization: 'Bearer the-token' });
  });

  test('say what is wrong with an invalid signing secret, and not its value', async () => {
    values['signing AWSCURRENT'] = 'hunter2';
    await expect(start().signingSecrets()).rejects.toThrow(INVALID);
    values['signing AWSCURRENT'] = undefined;
    await expect(start().signingSecrets()).rejects.toThrow(INVALID);
  });

  test('name the header whose value no request can carry, and not the value', async () => {
    values['token AWSCURRENT'] = 'Bearer hunter2\n';
    const error = await start()
      .headers()
      .catch((error: Error) => error.message);
    expect(error).toContain('the secret of the header Authorization holds a character');
    expect(error).not.toContain('hunter2');
    values['token AWSCURRENT'] = undefined;
    await expect(start().headers()).rejects.toThrow('the secret of the header Authorization has no string');
  });

  test('say what AWS said, and not its message', async () => {
    const denied = Object.assign(new Error('arn and all'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    values['signing AWSCURRENT'] = denied;
    await expect(start().signingSecrets()).rejects.toThrow(
      /^the signing secret \(AWSCURRENT\) could not be read: AccessDeniedException \(400\)$/,
    );
    values['token AWSCURRENT'] = Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' });
    await expect(start().headers()).rejects.toThrow(
      /^the secret of the header Authorization \(AWSCURRENT\) could not be read: ECONNREFUSED$/,
    );
  });

  test('are used without a previous version that is invalid: it was the mistake that was mended', async () => {
    values['signing AWSPREVIOUS'] = 'a mistake';
    expect(await start().signingSecrets()).toEqual([key(1)]);
    expect(failures).toEqual([]);
  });

  test('are read every five minutes, once for the logs that ask at the same time', async () => {
    const secrets = start();
    await Promise.all(Array.from({ length: 10 }, () => secrets.headers()));
    clock += 5 * MINUTE - 1;
    await secrets.headers();
    expect(reads).toEqual(['token AWSCURRENT']);
    clock += 1;
    await secrets.headers();
    expect(reads.length).toBe(2);
  });

  test('are read again after ten seconds where that failed or found them invalid, and no sooner', async () => {
    values['signing AWSCURRENT'] = 'a mistake';
    const secrets = start();
    for (let i = 0; i < 10; i++) await expect(secrets.signingSecrets()).rejects.toThrow(INVALID);
    expect([reads.length, failures]).toEqual([2, [INVALID]]);

    values['signing AWSCURRENT'] = key(3);
    clock += 10 * SECOND - 1;
    await expect(secrets.signingSecrets()).rejects.toThrow(INVALID);
    clock += 1;
    expect(await secrets.signingSecrets()).toEqual([key(3)]);
  });

  test('are read again as soon where older ones are used meanwhile', async () => {
    const secrets = start();
    await secrets.signingSecrets();
    values['signing AWSCURRENT'] = 'a mistake';
    clock += 5 * MINUTE;
    expect(await secrets.signingSecrets()).toEqual([key(1)]);
    expect(await secrets.signingSecrets()).toEqual([key(1)]);
    expect([reads.length, failures]).toEqual([4, [INVALID]]);
    values['signing AWSCURRENT'] = key(3);
    clock += 10 * SECOND;
    expect(await secrets.signingSecrets()).toEqual([key(3)]);
  });

  test('are read again as soon when the service denies a request', async () => {
    const secrets = start();
    await secrets.headers();
    clock += 2 * SECOND;
    secrets.doubt();
    await secrets.headers();
    expect(reads.length).toBe(1);
    clock += 8 * SECOND;
    values['token AWSCURRENT'] = 'Bearer the-new-token';
    expect(await secrets.headers()).toEqual({ Authorization: 'Bearer the-new-token' });
  });
});
