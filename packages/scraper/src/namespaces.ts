/**
 * What `popular` stands for: Docker's official images and publishers whose images many run as they are. Namespaces
 * whose versioned images have moved away, such as bitnami, are left out on purpose.
 */
export const POPULAR_NAMESPACES: readonly string[] = ['library', 'apache', 'grafana', 'hashicorp', 'jenkins', 'prom'];

/**
 * Reads a comma-separated list of namespaces, each once; `popular` stands for a list of its own.
 *
 * @example
 * parseNamespaces('popular, acme', ['library']) // ['library', 'acme']
 */
export const parseNamespaces = (text: string, popular: readonly string[] = POPULAR_NAMESPACES): readonly string[] => {
  const named = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return [...new Set(named.flatMap((part) => (part === 'popular' ? popular : [part])))];
};
