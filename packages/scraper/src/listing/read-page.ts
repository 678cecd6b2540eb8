import type { z } from 'zod';

import { DockerHubError } from '../docker-hub-error.ts';
import { PageAnswer } from '../schema.ts';
import type { Page } from './walk-pages.ts';

const MAX_ROWS = 1000;

/**
 * Reads a page of a list. Rows that cannot be read are counted and left out.
 *
 * @throws DockerHubError `bad_answer` where it is no page
 */
export const readPage =
  <Row>(row: z.ZodType<Row>) =>
  (body: unknown): Page<Row> => {
    const answer = PageAnswer.safeParse(body);
    if (!answer.success) throw badPage('not with a page of a list');
    const { count, next, results } = answer.data;
    if (results.length > MAX_ROWS) throw badPage(`with more than ${MAX_ROWS} rows on one page`);
    const rows = results.flatMap((result) => {
      const read = row.safeParse(result);
      return read.success ? [read.data] : [];
    });
    const following = next === undefined || next === '' ? null : next;
    return { count: count ?? null, next: following, rows, unreadable: results.length - rows.length };
  };

/**
 * Reads the first page of a list.
 *
 * @throws DockerHubError `bad_answer` where it is no page, or has none of the rows that it counts
 */
export const readFirstPage =
  <Row>(row: z.ZodType<Row>) =>
  (body: unknown): Page<Row> => {
    const page = readPage(row)(body);
    if (page.rows.length + page.unreadable > 0 || (page.count ?? 0) === 0) return page;
    throw badPage('with a page that lacks the rows it counts');
  };

/** Reads one row on its own. */
export const readRow =
  <Row>(row: z.ZodType<Row>) =>
  (body: unknown): Row => {
    const read = row.safeParse(body);
    if (read.success) return read.data;
    throw badPage('with something other than what was asked for');
  };

const badPage = (how: string): DockerHubError =>
  new DockerHubError(`Docker Hub answered ${how}`, { code: 'bad_answer' });
