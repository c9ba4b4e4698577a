import type { Template, TemplateResource } from './emulator/template/assembly.ts';

/**
 * Gives windows the limit of the stage. Their own, lower limit protects the concurrency that ingest needs on AWS
 * (docs/settings.md#the-api). On one machine there is none to protect, and whoever tries the service asks faster.
 */
export const withoutWindowLimit = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [id, withStageLimitOnly(resource)]),
  ),
});

function withStageLimitOnly(resource: TemplateResource): TemplateResource {
  const settings = resource.Properties?.['MethodSettings'];
  if (resource.Type !== 'AWS::ApiGateway::Stage' || !Array.isArray(settings)) return resource;
  const ofStage = settings.filter(({ ResourcePath }) => ResourcePath === '/*');
  return { ...resource, Properties: { ...resource.Properties, MethodSettings: ofStage } };
}
