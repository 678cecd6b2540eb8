import type { z } from 'zod';

import type { DefaultPlaces, SettingsBase } from './defaults.ts';
import { shownValue } from './problem.ts';
import type { Setting } from './setting.ts';

/** A value, or why there is none: both texts are safe to print. */
export type ReadValue<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly shown: string; readonly accepted: string };

/** @param written what was set, or `null` for the default */
export const readValue = <T>(
  setting: Setting<T>,
  written: string | null,
  { places, base }: { readonly places: DefaultPlaces; readonly base: SettingsBase },
): ReadValue<T> => {
  const fallback = setting.default;
  if (written !== null) return parse(setting, written);
  if (typeof fallback === 'string') return parse(setting, fallback);
  return 'absent' in fallback ? { ok: true, value: fallback.absent } : parse(setting, fallback.from(places, base));
};

const parse = <T>({ kind, secret }: Setting<T>, text: string): ReadValue<T> => {
  const parsed = kind.schema.safeParse(text);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : {
        ok: false,
        shown: shownValue(text, secret || kind.mayHoldSecret?.(text)),
        accepted: moreThanTheKind(parsed.error) ?? kind.accepted,
      };
};

const moreThanTheKind = (error: z.ZodError): string | undefined =>
  error.issues.find(({ code }) => code === 'custom')?.message;
