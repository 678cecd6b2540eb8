import { readDotEnv } from './dot-env.ts';
import { plainText, UTF_8 } from './file-text.ts';
import type { SettingProblem } from './problem.ts';
import { shownValue } from './problem.ts';
import type { Setting } from './setting.ts';
import type { FlagValue, SettingSource, SettingSources, Variables } from './sources.ts';
import { NAME_THE_DIRECTORY } from './unnamed-directory.ts';

/** A text for a setting, found in one place. */
export interface Occurrence {
  readonly source: SettingSource;
  /** The place in words. */
  readonly place: string;
  readonly text: string;
}

type Sought = Pick<Setting<unknown>, 'flag' | 'early'>;

const MAX_VALUE = 65_536;
const MAX_DOT_ENV = 1_048_576;

/** Looks for settings in all places, strongest first, and keeps what is wrong with the places themselves. */
export class SettingSearch {
  readonly problems: SettingProblem[] = [];
  readonly dotEnv: Variables;
  readonly #sources: SettingSources;

  constructor(sources: SettingSources) {
    this.#sources = sources;
    this.dotEnv = this.#readDotEnv(sources.dotEnv);
  }

  /** What is not empty, strongest first. */
  find(name: string, { flag, early }: Sought): readonly Occurrence[] {
    const { flags, env, secretsDirectory } = this.#sources;
    const places = [
      { source: 'flag', place: `the flag ${flag ?? ''}`, text: flagText(flags[name]) },
      { source: 'environment', place: 'the environment', text: this.#inVariables(env, name) },
      ...(early
        ? []
        : ([
            { source: 'secrets', place: 'the secrets directory', text: this.#inFile(name, secretsDirectory(name)) },
            { source: '.env', place: 'the .env file', text: this.#inVariables(this.dotEnv, name) },
          ] as const)),
    ] as const;
    return places.filter((found) => found.text !== '' && this.#isBounded(name, found));
  }

  #inVariables(variables: Variables, name: string): string {
    const text = variables[name] ?? '';
    const file = variables[`${name}_FILE`] ?? '';
    if (file === '') return text;
    if (variables === this.dotEnv && this.#sources.unnamed !== undefined) {
      this.problems.push({
        setting: `${name}_FILE`,
        place: 'the .env file',
        value: shownValue(file),
        accepted: NAME_THE_DIRECTORY,
      });
      return text;
    }
    if (text !== '') {
      this.problems.push({
        setting: name,
        value: `${name} and ${name}_FILE`,
        accepted: 'only one of them',
      });
      return text;
    }
    const content = this.#sources.readFile(file);
    if (content === null)
      this.problems.push({
        setting: `${name}_FILE`,
        value: shownValue(file),
        accepted: 'the path of a file that can be read',
      });
    return this.#inFile(name, content);
  }

  /** The value that a file of its own holds. */
  #inFile(name: string, content: string | null): string {
    const text = plainText(content ?? '');
    if (text === null) this.problems.push({ setting: name, value: 'a file in another encoding', accepted: UTF_8 });
    return (text ?? '').replace(/\r?\n$/, '');
  }

  #readDotEnv(read: string | null): Variables {
    if (read === null) return {};
    const text = plainText(read);
    if (text === null) return this.#refusedDotEnv('a file in another encoding', UTF_8);
    if (text.length > MAX_DOT_ENV)
      return this.#refusedDotEnv(`a file of ${text.length} characters`, `at most ${MAX_DOT_ENV} characters`);
    const { variables, problem } = readDotEnv(text);
    if (problem !== null) this.#refusedDotEnv(`line ${problem.line}`, problem.accepted);
    return variables;
  }

  /** What is in it is not shown: it may be a secret. */
  #refusedDotEnv(value: string, accepted: string): Variables {
    this.problems.push({ setting: '.env', value, accepted });
    return {};
  }

  #isBounded(name: string, { place, text }: Occurrence): boolean {
    if (text.length <= MAX_VALUE) return true;
    this.problems.push({ setting: name, place, value: `${text.length} characters`, accepted: `at most ${MAX_VALUE}` });
    return false;
  }
}

const flagText = (value: FlagValue | undefined): string =>
  Array.isArray(value) ? value.join(',') : String(value ?? '');
