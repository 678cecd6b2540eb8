import { z } from 'zod';

export const ScrapedNamespace = z.object({
  name: z.string(),
  tools: z.number().int().nonnegative().describe('Stored in this run'),
  truncated: z.boolean().describe('There are more repositories than could be seen'),
  reason: z.string().nullable().describe('Why it is truncated, or could not be listed'),
});
export type ScrapedNamespace = z.infer<typeof ScrapedNamespace>;

export const ScrapeError = z.object({
  subject: z.string().describe('The repository or namespace'),
  code: z.string(),
  message: z.string(),
});
export type ScrapeError = z.infer<typeof ScrapeError>;

/** What `gts scrape --json` prints. */
export const ScrapeDocument = z
  .object({
    schema: z.literal('gts.scrape/1'),
    namespaces: z.array(ScrapedNamespace),
    totals: z.object({
      requests: z.number().int().nonnegative().describe('Sent to Docker Hub, retries included'),
      cached: z.number().int().nonnegative().describe('Answered from the response cache'),
      errors: z.number().int().nonnegative(),
    }),
    errors: z.array(ScrapeError),
  })
  .meta({ title: 'gts.scrape/1', description: 'What was found in the namespaces of Docker Hub' });
export type ScrapeDocument = z.infer<typeof ScrapeDocument>;
