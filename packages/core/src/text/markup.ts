import { sanitizeForTerminal } from './inert-text.ts';

/** A piece of HTML that is known to be well-formed; everything else is text. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | null | Markup | readonly Markup[];

/** HTML whose values are escaped unless they are {@link Markup} themselves; `null` is nothing. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(parts.map((part, index) => part + (index < values.length ? render(values[index] ?? null) : '')).join(''));

const render = (value: Value): string => {
  if (value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return value.map(({ text }) => text).join('');
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  sanitizeForTerminal(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
