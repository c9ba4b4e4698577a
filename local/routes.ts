import { valuesInUse } from './emulator/secrets-manager/secret.ts';
import { secretsManagerService } from './emulator/secrets-manager/service.ts';
import type { Deployed } from './emulator/service.ts';
import type { ReceivedLog } from './receiver/received-log.ts';
import { RECEIVER_PATH, receiver } from './receiver/receiver.ts';

/** The output of the template that names the secret that deliveries are signed with. */
const SIGNING_SECRET = 'SigningSecretArn';

/**
 * What `npm start` serves beside the service, by path, on the port of the API. The gateway gets every other request.
 *
 * @param onReceived is told of each log that the built-in custom service receives; it is there if deliveries are signed
 */
export function localRoutes({ outputs, get }: Deployed, onReceived: (received: ReceivedLog) => void) {
  const { [SIGNING_SECRET]: arn } = outputs;
  if (arn === undefined) return {};
  const { secrets } = get(secretsManagerService);
  return {
    [RECEIVER_PATH]: receiver({ secrets: () => valuesInUse(secrets.find(arn)?.versions), onReceived }),
  };
}
