import { App, type AppProps } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { checkEverySynthesis } from './nag-packs.ts';

/**
 * Makes an app whose synthesis depends on this repository alone. The feature flags are set here and not in
 * `cdk.json`, because only the CDK's command line reads `cdk.json`. So `cdk deploy`, the local stack and the tests
 * get the same stack. The synthesis fails on a finding of cdk-nag that is not acknowledged, and on an error in the
 * template.
 */
export const createApp = (props: AppProps = {}): App => {
  const app = new App({
    analyticsReporting: false,
    ...props,
    context: { ...featureFlags, ...props.context },
  });
  checkEverySynthesis(app);
  return app;
};
