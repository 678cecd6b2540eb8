/** An answer of the server before it is written. */
export interface HubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written as JSON, unless it is a string or bytes. */
  readonly body: unknown;
}

export const ok = (body: unknown): HubAnswer => ({ status: 200, body });

export const notFound = (errinfo: Readonly<Record<string, string>> = {}): HubAnswer => ({
  status: 404,
  body: { message: 'httperror 404: object not found', errinfo },
});

export const unknownRoute = (): HubAnswer => ({ status: 404, body: { message: '404: Page Not Found' } });

export const gone = (): HubAnswer => ({ status: 410, body: { message: 'this version of the API is gone' } });

export const unauthorized = (): HubAnswer => ({ status: 401, body: { message: 'unauthorized', errinfo: {} } });

export const wrongCredentials = (): HubAnswer => ({
  status: 401,
  body: { detail: 'Incorrect authentication credentials' },
});

export const tooDeep = (): HubAnswer => ({
  status: 403,
  body: {
    message: 'pagination offset too large for anonymous requests; sign in to page further',
    errinfo: {},
  },
});

export const badOrdering = (allowed: readonly string[]): HubAnswer => ({
  status: 400,
  body: {
    fields: { ordering: [`Invalid ordering value. Must be one of: ${allowed.join(', ')}`] },
    text: 'Invalid ordering value',
  },
});
