import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError, type AwsService, targetOf } from '../http/aws-service.ts';
import { readBody } from '../http/read-body.ts';
import { type DeployedStack, errorXml, stacksXml } from './xml.ts';

const FORM = 'application/x-www-form-urlencoded';
/** Far more than the request of one operation. Bytes. */
const REQUEST_LIMIT = 64 * 1024;

/**
 * `DescribeStacks` of the one stack there is, by its name, its ARN, or without either. Clients of CloudFormation send a form.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export const cloudFormation = (stack: DeployedStack): AwsService => ({
  accepts: (request) => targetOf(request) === '' && request.url === '/' && isForm(request),
  async handle(request, response) {
    const requestId = randomUUID();
    const send = (status: number, body: string): void => {
      response.writeHead(status, { 'Content-Type': 'text/xml' }).end(body);
    };
    try {
      send(200, await describe(request, stack, requestId));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      send(error.status, errorXml(error, requestId));
    }
  },
});

const isForm = ({ headers }: IncomingMessage): boolean => headers['content-type']?.startsWith(FORM) ?? false;

async function describe(request: IncomingMessage, stack: DeployedStack, requestId: string): Promise<string> {
  const body = await readBody(request, REQUEST_LIMIT);
  const form = new URLSearchParams(body?.toString());
  const action = form.get('Action');
  if (action !== 'DescribeStacks') {
    throw new AwsError(400, 'InvalidAction', `The local stack has no operation ${action}.`);
  }
  const wanted = form.get('StackName') ?? stack.stackName;
  if (wanted !== stack.stackName && !wanted.includes(`:stack/${stack.stackName}/`)) {
    throw new AwsError(400, 'ValidationError', `Stack with id ${wanted} does not exist`);
  }
  return stacksXml(stack, requestId);
}
