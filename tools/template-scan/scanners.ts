import { cfnLintFindings, checkovFindings, type Finding } from './findings.ts';

/** A program that looks for mistakes in a template. Both are packages of Python. */
export interface Scanner {
  readonly name: string;
  /** The version that is installed where there is none. */
  readonly version: string;
  readonly arguments: (template: string) => string[];
  /** @param template the text of the template */
  readonly findings: (output: string, template: string) => Finding[];
}

export const SCANNERS: readonly Scanner[] = [
  {
    name: 'cfn-lint',
    version: '1.58.0',
    arguments: (template) => ['--format', 'json', template],
    findings: cfnLintFindings,
  },
  {
    name: 'checkov',
    version: '3.3.30',
    // it would ask a server for guidelines, which need no network to be followed
    arguments: (template) => [
      ...['--file', template, '--framework', 'cloudformation'],
      ...['--skip-download', '--compact', '--quiet', '--output', 'json'],
    ],
    findings: checkovFindings,
  },
];
