import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the ids of the packs begin with that check for conformity. They name the same rule alike. */
const CONFORMITY_PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/**
 * Accepts findings of cdk-nag on one construct and what is below it.
 *
 * @param reasons why each finding is accepted, by the finding's id
 */
export const acknowledge = (construct: IConstruct, reasons: Readonly<Record<string, string>>): void =>
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));

/**
 * Accepts findings of the packs for NIST 800-53, HIPAA and PCI DSS on one construct and what is below it.
 *
 * @param reasons why each finding is accepted, by the name of the rule without its pack
 */
export const acknowledgeConformity = (
  construct: IConstruct,
  reasons: Readonly<Record<string, string>>,
): void => {
  for (const pack of CONFORMITY_PACKS) {
    const ofPack = Object.entries(reasons).map(([rule, reason]) => [`${pack}-${rule}`, reason]);
    acknowledge(construct, Object.fromEntries(ofPack));
  }
};
