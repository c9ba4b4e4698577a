import type { Template } from '../../local/emulator/template/assembly.ts';

/** Changes of the synthesized template, for tests that need other bounds or shorter times. */

/**
 * Changes environment variables of a function; for tests that need other bounds.
 *
 * @param known tell the function: it has all of them
 */
export const withVariables =
  (variables: Readonly<Record<string, string>>, known: readonly string[] = Object.keys(variables)) =>
  (template: Template): Template =>
    changed(template, 'AWS::Lambda::Function', (properties) => {
      const given = (properties['Environment'] as { Variables: Record<string, unknown> }).Variables;
      const has = known.every((name) => name in given);
      return has ? { ...properties, Environment: { Variables: { ...given, ...variables } } } : properties;
    });

/** Makes failed messages come back sooner: the template's patience is a minute. */
export const withVisibility =
  (seconds: number) =>
  (template: Template): Template =>
    changed(template, 'AWS::SQS::Queue', (properties) => ({ ...properties, VisibilityTimeout: seconds }));

/** Lets the stage admit as many requests as a test sends. */
export const unthrottled = (template: Template): Template =>
  changed(template, 'AWS::ApiGateway::Stage', (properties) => {
    const [settings] = properties['MethodSettings'] as readonly Properties[];
    const unlimited = { ...settings, ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 10_000 };
    return { ...properties, MethodSettings: [unlimited] };
  });

type Properties = Readonly<Record<string, unknown>>;

function changed(template: Template, type: string, change: (properties: Properties) => Properties): Template {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== type) return [id, resource];
    return [id, { ...resource, Properties: change(resource.Properties ?? {}) }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}
