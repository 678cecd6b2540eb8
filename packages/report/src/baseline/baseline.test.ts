import { describe, expect, it } from 'vitest';

import type { BaselineDifference, BaselineListDocument, ListedBaseline, ShownBaseline } from '@scanner/core';
import { aFinding } from '@scanner/core/testing';

import { renderBaselineDiff } from './differences.ts';
import { renderBaselineList } from './listed.ts';
import { renderBaselineRemove, renderBaselineSave } from './saved.ts';
import { renderBaselineShow } from './shown.ts';

const HOSTILE = 'a\u001b[2Jb\nc\u202ed\u0007';
const PLAIN = { width: 120, color: false, unicode: false };
const AT = '2026-11-22T00:00:00.000Z';

const difference = (given: Partial<BaselineDifference> = {}): BaselineDifference => ({
  reference: 'web:1',
  file: 'web_1.json',
  image_id: 'sha256:1',
  scanned_at: AT,
  causes: [],
  withheld: null,
  whole: true,
  new: [],
  not_accepted: [],
  resolved: [],
  severity_raised: [],
  fix_available: [],
  joined: [],
  ...given,
});

const line = (given: Partial<ShownBaseline['findings'][number]> = {}): ShownBaseline['findings'][number] => ({
  key: aFinding().key,
  package: 'openssl',
  severity: 'HIGH',
  fixed: null,
  since: AT,
  expires: null,
  reason: null,
  expired: false,
  ...given,
});

const shown = (findings: ShownBaseline['findings'], reference = 'web:1'): ShownBaseline => ({
  reference,
  file: 'web_1.json',
  whole: true,
  rules: [],
  image_id: 'sha256:1',
  coverage: 'full',
  filter: null,
  findings,
});

const diff = (...differences: BaselineDifference[]): string =>
  renderBaselineDiff({ schema: 'gts.baseline-diff/1', severities: ['HIGH'], differences, refused: [] }, PLAIN);
const show = (...baselines: ShownBaseline[]): string =>
  renderBaselineShow({ schema: 'gts.baseline-show/1', baselines, refused: [] }, PLAIN);
const NO_RULES: BaselineListDocument['rules'] = { file: 'rules.json', problem: null, rules: [] };
const listWith = (rules: BaselineListDocument['rules'], ...baselines: ListedBaseline[]): string =>
  renderBaselineList({ schema: 'gts.baseline-list/1', baselines, rules }, PLAIN);
const list = (...baselines: ListedBaseline[]): string => listWith(NO_RULES, ...baselines);

describe('what is told of baselines', () => {
  it('says that nothing differs, and what does', () => {
    expect(diff(difference())).toBe('web:1, as scanned 2026-11-22 00:00 UTC\n  as it was accepted\n');
    const told = diff(
      difference({
        new: [aFinding()],
        resolved: ['CVE-2020-1|pkg:deb/debian/zlib|', 'CVE-2020-2|*|'],
        causes: ['database_newer'],
        withheld: 'coverage_differs',
      }),
    );
    expect(told).toContain('  New: 1\n');
    expect(told).toContain(aFinding().vulnerability);
    expect(told).toContain('    CVE-2020-1 in pkg:deb/debian/zlib\n    CVE-2020-2 in every package\n');
    expect(told).toContain('since then: database newer');
    expect(told).toContain('nothing is called resolved: less of the image');
    expect(diff()).toBe('');
  });

  it('lists twenty of many, and says how many more there are', () => {
    const resolved = Array.from({ length: 23 }, (_, index) => `CVE-2020-${index}|pkg:deb/debian/zlib|`);
    expect(diff(difference({ resolved }))).toContain('... and 3 more; --json lists all');
  });

  it('marks what has expired and does not count it as accepted', () => {
    const told = show(
      shown([line({ expires: '2026-01-01', expired: true }), line({ key: 'CVE-2020-2|*|', package: null })]),
    );
    expect(told).toContain('web:1: 1 finding accepted, 1 not any more: expired');
    expect(told).toContain('expired 2026-01-01');
    expect(told).toMatch(/CVE-2020-2 +every package/);
  });

  it('lists files that cannot be used with what is wrong', () => {
    const usable = {
      file: 'a.json',
      reference: 'a:1',
      problem: null,
      accepted: 3,
      expired: 1,
      image_id: null,
      whole: true,
    };
    const told = list(usable, { ...usable, file: 'b.json', problem: 'is empty', accepted: null, expired: null });
    expect(told).toMatch(/^REFERENCE .*\na:1 +3 +1 +- +a\.json\n! b\.json is empty\n$/);
    expect(list()).toBe('No baselines\n');
  });

  it('lists the rules with where they hold, until when, by whom and why, or why they cannot be read', () => {
    const rule = { vulnerability: 'CVE-2026-1', package: 'openssl', paths: ['app/**'], image: 'web:1', expired: false };
    const said = { ...rule, expires: '2999-01-31', until_fix: true, owner: 'web', reason: 'not reachable' };
    const told = listWith({
      ...NO_RULES,
      rules: [said, { vulnerability: 'CVE-2026-2', expired: true, expires: '2020-01-01' }],
    });
    expect(told).toMatch(
      /CVE-2026-1 +openssl at app\/\*\* of web:1 +2999-01-31 or a fix +web +not reachable\nCVE-2026-2 +everywhere +expired 2020-01-01 +-\n$/,
    );
    expect(listWith({ ...NO_RULES, problem: 'is not JSON' })).toBe('! rules.json is not JSON\n');
  });

  it('says of single acceptances that the rest is not accepted, and calls it neither new nor accepted', () => {
    const rest = aFinding({ vulnerability: 'CVE-2026-7' });
    const single = { whole: false, new: [aFinding()], not_accepted: [aFinding(), rest] };
    const told = diff(difference(single));
    expect(told).toMatch(/Not accepted any more: 1\n(.*\n)*.*Not accepted: 1\n(.*\n)*.*CVE-2026-7/);
    expect(told).not.toContain('New');
    expect(show({ ...shown([line()]), whole: false })).toContain('single findings only');
    expect(
      list({ file: 'a.json', reference: 'a:1', problem: null, accepted: 1, expired: 0, image_id: null, whole: false }),
    ).toMatch(/OF ITS SCAN .*\na:1 +1 +0 +some/);
  });

  it('shows the owner and the end of what is accepted, and the rules that hit', () => {
    const told = show({
      ...shown([line({ owner: 'web', until_fix: true, reason: 'x' })]),
      rules: [{ vulnerability: 'CVE-2026-9', purls: ['pkg:npm/*'], expired: false, hits: ['a', 'b'], owner: 'ops' }],
    });
    expect(told).toMatch(/SINCE +UNTIL +OWNER +REASON\n.* +a fix +web +x\n/);
    expect(told).toMatch(/Accepted by rules.*\n.*\n +2 +CVE-2026-9 +pkg:npm\/\* +- +- +ops\n$/);
  });

  it('takes the sting out of whatever comes from outside', () => {
    const hostile = { ...aFinding(), vulnerability: HOSTILE, package: HOSTILE, installed: HOSTILE, title: HOSTILE };
    const listed = { file: HOSTILE, reference: HOSTILE, accepted: 1, expired: 0, image_id: HOSTILE, whole: false };
    const rule = {
      vulnerability: 'CVE-2026-1',
      package: HOSTILE,
      paths: [HOSTILE],
      owner: HOSTILE,
      reason: HOSTILE,
      expired: false,
    };
    const saved = { reference: HOSTILE, file: HOSTILE, image_id: HOSTILE, scanned_at: HOSTILE };
    const all = [
      diff(difference({ reference: HOSTILE, new: [hostile], resolved: [HOSTILE, `${HOSTILE}|${HOSTILE}|${HOSTILE}`] })),
      show(
        shown([line({ key: `${HOSTILE}|x|${HOSTILE}`, package: HOSTILE, reason: HOSTILE, since: HOSTILE })], HOSTILE),
      ),
      list({ ...listed, problem: null }, { ...listed, problem: HOSTILE }),
      listWith({ file: HOSTILE, problem: HOSTILE, rules: [rule] }),
      show({ ...shown([]), rules: [{ ...rule, hits: [HOSTILE] }] }),
      renderBaselineSave({
        schema: 'gts.baseline-save/1',
        severities: ['HIGH'],
        saved: [{ ...saved, accepted: 1, added: 1, dropped: 0 }],
        refused: [],
      }),
      renderBaselineRemove({
        schema: 'gts.baseline-remove/1',
        removed: [{ reference: HOSTILE, files: [HOSTILE] }],
        refused: [],
      }),
    ];
    for (const text of all) {
      for (const character of ['\u001b', '\u202e', '\u0007']) expect(text).not.toContain(character);
      expect(text.split('\n').filter((each) => each.startsWith('c'))).toEqual([]);
    }
  });
});
