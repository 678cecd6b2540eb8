import { defineConfig } from 'vitest/config';

const fromSource = ['@scanner/source'];

/** They kill processes at moments that are to hit all that those do, which other work would stretch. */
const timed = ['packages/store/e2e/{telling,tools}.test.ts', 'packages/chaos/e2e/chaos.test.ts'];
const patient = { testTimeout: 180_000, hookTimeout: 300_000 };

export default defineConfig({
  resolve: { conditions: fromSource },
  ssr: { resolve: { conditions: fromSource } },
  test: {
    projects: [
      { extends: true, test: { name: 'scripts', include: ['scripts/**/*.test.mjs'], testTimeout: 20_000 } },
      {
        extends: true,
        test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['packages/*/e2e/**/*.test.ts'],
          exclude: timed,
          ...patient,
        },
      },
      { extends: true, test: { name: 'timed', include: timed, ...patient } },
    ],
  },
});
