import { bothOrNeither } from './both-or-neither.ts';
import { NOTICE_RULES } from './notice-rules.ts';
import type { Rule } from './rule.ts';
import type { Settings } from './settings.ts';

type SettingRule = Rule<Settings>;

const ignoreImagesStandsBehindIgnoreFile: SettingRule = ({ sources }) =>
  sources.IGNORE_FILE !== 'default' && sources.IGNORE_IMAGES !== 'default'
    ? { warning: 'IGNORE_IMAGES counts only where there is no IGNORE_FILE, and one is set' }
    : null;

const timeoutFlagBeatsSetting: SettingRule = ({ settings, sources }) =>
  typeof settings.TRIVY_EXTRA_ARGS?.timeoutSeconds === 'number' && sources.SCAN_TIMEOUT_SECONDS !== 'default'
    ? { warning: '--timeout in TRIVY_EXTRA_ARGS is used, not SCAN_TIMEOUT_SECONDS' }
    : null;

const skippedUpdateAsksNoRepository: SettingRule = ({ settings, sources }) =>
  settings.TRIVY_SKIP_DB_UPDATE === true && sources.TRIVY_DB_REPOSITORY !== 'default'
    ? { warning: 'TRIVY_DB_REPOSITORY has no effect while TRIVY_SKIP_DB_UPDATE is on' }
    : null;

/** Every rule that several settings have to keep together. */
export const RULES: readonly SettingRule[] = [
  ignoreImagesStandsBehindIgnoreFile,
  timeoutFlagBeatsSetting,
  skippedUpdateAsksNoRepository,
  bothOrNeither('DOCKERHUB_USERNAME', 'DOCKERHUB_TOKEN'),
  ...NOTICE_RULES,
];
