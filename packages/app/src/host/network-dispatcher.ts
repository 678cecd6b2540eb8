import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** Carries our own requests as the environment's proxy settings say. Disposing ends those that are under way. */
export const networkDispatcher = (env: NodeJS.ProcessEnv): AsyncDisposable & { readonly dispatcher: Dispatcher } => {
  const valueOf = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: valueOf('HTTP_PROXY'),
    httpsProxy: valueOf('HTTPS_PROXY'),
    noProxy: valueOf('NO_PROXY'),
  });
  return { dispatcher, [Symbol.asyncDispose]: () => dispatcher.destroy() };
};
