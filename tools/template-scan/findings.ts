import * as z from 'zod/mini';
import type { Acknowledgement } from './acknowledged.ts';

/** What a scanner found wrong. */
export interface Finding {
  readonly id: string;
  /** The logical id of the resource; empty if the finding is about the whole template. */
  readonly resource: string;
  /** Empty for the whole template. */
  readonly type: string;
  readonly message: string;
}

const cfnLintSchema = z.array(
  z.object({
    Rule: z.object({ Id: z.string() }),
    Message: z.string(),
    Location: z.object({ Path: z.nullish(z.array(z.union([z.string(), z.number()]))) }),
  }),
);

const templateSchema = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) });

/**
 * @param output what `cfn-lint --format json` printed
 * @param template the text of the template
 * @throws Error if the output is of another form: then nothing was scanned
 */
export function cfnLintFindings(output: string, template: string): Finding[] {
  const { Resources } = templateSchema.parse(JSON.parse(template));
  return cfnLintSchema.parse(JSON.parse(output)).map(({ Rule, Message, Location }) => {
    const [section, resource] = Location.Path ?? [];
    const name = section === 'Resources' ? String(resource) : '';
    return { id: Rule.Id, resource: name, type: Resources[name]?.Type ?? '', message: Message };
  });
}

const checkovSchema = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })),
  }),
  summary: z.object({
    passed: z.int().check(z.minimum(1, 'no check passed')),
    parsing_errors: z.literal(0, 'the template could not be read'),
  }),
});

/**
 * @param output what `checkov -o json` printed
 * @throws Error if the output is of another form, or no check was made: then nothing was scanned
 */
export function checkovFindings(output: string): Finding[] {
  const { results } = checkovSchema.parse(JSON.parse(output));
  return results.failed_checks.map(({ check_id, check_name, resource }) => {
    const [type = '', name = ''] = resource.split('.');
    return { id: check_id, resource: name, type, message: check_name };
  });
}

/** The findings that nobody has accepted. */
export const unacknowledged = (
  findings: readonly Finding[],
  acknowledged: readonly Acknowledgement[],
): Finding[] =>
  findings.filter(
    ({ id, type, resource }) =>
      !acknowledged.some(
        (each) => each.id === id && each.type === type && (each.resource?.test(resource) ?? true),
      ),
  );
