// `semtag check`: what would not work, before the start. Leaves nothing behind.

import type { Command } from 'commander';
import { preflight, type Finding } from '../preflight/preflight.ts';
import { configOf, configOption, jsonOption, type CommonOptions } from './options.ts';
import { print, WRONG } from './report.ts';
import { runningService } from './running.ts';

const MARK = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export function register(program: Command): void {
  program
    .command('check')
    .description('Says before the start what would not work: directories, targets, disk, model, port.')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag check\n  $ sudo -u semtag semtag check      as the account that the service runs under\n\nExit code 1 when something would not work; warnings alone give 0.',
    )
    .action(async (options: CommonOptions) => {
      const config = configOf(options);
      const service = await runningService(config.dataDir);
      const findings = await preflight(config, service?.url);
      const works = findings.every((one) => one.level !== 'fail');
      if (!works) process.exitCode = WRONG;
      print({ works, findings }, options.json === true, () => text(findings));
    });
}

function text(findings: Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length;
  return [
    ...findings.map(({ level, what, message, advice }) =>
      [`${MARK[level]}  ${what}: ${message}`, ...(advice ? [`      ${advice}`] : [])].join('\n'),
    ),
    `${count('fail')} would not work, ${count('warn')} to know about`,
  ].join('\n');
}
