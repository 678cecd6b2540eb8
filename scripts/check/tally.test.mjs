import { expect, it } from 'vitest';
import { closingLine, sum, tallyAll, tallyTests } from './tally.mjs';

/** @param {Partial<import('./tally.mjs').VitestReport>} [more] */
const report = (more) => ({ numPassedTests: 3, numFailedTests: 0, numTotalTests: 3, testResults: [], ...more });
const everything = { filtered: false };

it('counts what passed and what failed', () => {
  const tally = tallyTests(report({ numFailedTests: 2, numTotalTests: 5 }), 1, everything);
  expect(tally).toEqual({ passed: 3, failed: 2, faults: [] });
});

it('counts a file that could not be loaded as a failure', () => {
  const testResults = [{ name: 'broken.test.ts', status: 'failed', assertionResults: [] }];
  const tally = tallyTests(report({ testResults }), 1, everything);
  expect(tally).toMatchObject({ passed: 3, failed: 1, faults: ['broken.test.ts could not be run'] });
});

it('counts a bad end as a failure although every test passed', () => {
  expect(tallyTests(report(), 1, everything)).toMatchObject({ passed: 3, failed: 1 });
});

it('counts a run without a report as a failure whatever its exit code', () => {
  expect(tallyTests(undefined, 0, everything)).toMatchObject({ passed: 0, failed: 1 });
});

it('counts a run without tests as a failure', () => {
  const none = report({ numPassedTests: 0, numTotalTests: 0 });
  expect(tallyTests(none, 0, everything)).toMatchObject({ failed: 1, faults: ['no test was found'] });
});

it('counts skipped tests as a failure, except those that a filter leaves out', () => {
  const skipping = report({ numTotalTests: 5 });
  expect(tallyTests(skipping, 0, everything).failed).toBe(1);
  expect(tallyTests(skipping, 0, { filtered: true }).failed).toBe(0);
});

it('counts a filter that matches no test of any run as a failure', () => {
  expect(
    tallyAll([
      { passed: 0, failed: 0 },
      { passed: 0, failed: 0 },
    ]),
  ).toEqual({ passed: 0, failed: 1 });
  expect(
    tallyAll([
      { passed: 0, failed: 0 },
      { passed: 2, failed: 0 },
    ]),
  ).toEqual({ passed: 2, failed: 0 });
});

it('closes with the sums alone on a line', () => {
  expect(
    closingLine(
      sum([
        { passed: 2, failed: 0 },
        { passed: 5, failed: 1 },
      ]),
    ),
  ).toBe('7 passed, 1 failed');
});
