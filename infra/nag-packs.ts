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

/** The packs of cdk-nag that check every synthesis of this repository. An app that embeds the service needs no cdk-nag. */
const PACKS = [
  AwsSolutionsChecks,
  NIST80053R5Checks,
  HIPAASecurityChecks,
  PCIDSS321Checks,
  ServerlessChecks,
] as const;

/** @returns the checks of every pack, for what is below a construct */
export const checksOf = (scope: IConstruct): NagPack[] => PACKS.map((Pack) => new Pack(scope));

/** Lets the synthesis of an app fail on each finding that is not accepted. */
export const checkEverySynthesis = (app: App): void => Validations.of(app).addPlugins(...checksOf(app));
