import { type App, Validations } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** The packs of cdk-nag that check every synthesis. */
const PACKS = [
  AwsSolutionsChecks,
  NIST80053R5Checks,
  HIPAASecurityChecks,
  PCIDSS321Checks,
  ServerlessChecks,
] as const;

/** What the ids of the packs begin with that check for conformity. They name the same rule alike. */
const CONFORMITY_PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/** @returns the checks of every pack, for what is below a construct */
export const checksOf = (scope: IConstruct): NagPack[] => PACKS.map((Pack) => new Pack(scope));

/** Lets the synthesis of an app fail on each finding that is not accepted. */
export const checkEverySynthesis = (app: App): void => Validations.of(app).addPlugins(...checksOf(app));

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
