import type { AwsError } from '../http/aws-service.ts';
import { elements, XML_DECLARATION } from '../http/xml.ts';
import type { Place } from '../template/resource-type.ts';

export interface DeployedStack extends Pick<Place, 'stackName' | 'region' | 'accountId'> {
  readonly outputs: Readonly<Record<string, string>>;
  readonly startedAt: Date;
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html#API_DescribeStacks_Examples */
export function stacksXml(
  { stackName, region, accountId, outputs, startedAt }: DeployedStack,
  requestId: string,
): string {
  const about = elements({
    StackName: stackName,
    StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    CreationTime: startedAt.toISOString(),
    StackStatus: 'CREATE_COMPLETE',
  });
  const members = Object.entries(outputs)
    .map(([OutputKey, OutputValue]) => `<member>${elements({ OutputKey, OutputValue })}</member>`)
    .join('');
  const stacks = `<Stacks><member>${about}<Outputs>${members}</Outputs></member></Stacks>`;
  return `${XML_DECLARATION}<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult>${stacks}</DescribeStacksResult>${metadata(requestId)}</DescribeStacksResponse>`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html */
export const errorXml = ({ code, message }: AwsError, requestId: string): string =>
  `${XML_DECLARATION}<ErrorResponse xmlns="${NAMESPACE}"><Error>${elements({ Type: 'Sender', Code: code, Message: message })}</Error>${elements({ RequestId: requestId })}</ErrorResponse>`;

const metadata = (requestId: string): string =>
  `<ResponseMetadata>${elements({ RequestId: requestId })}</ResponseMetadata>`;
