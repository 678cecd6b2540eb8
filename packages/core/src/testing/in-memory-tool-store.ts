import { matchesFilter } from '../catalogue/select-tools.ts';
import { ScannerError } from '../errors.ts';
import { type TagDetails, Tool } from '../model/tool.ts';
import type { RememberedFailure, ScrapedTool, ToolFilter, ToolScan, ToolStore } from '../ports/tool-store.ts';

/** A catalogue that keeps everything while it lives. Gives out copies, as one on disk does. */
export class InMemoryToolStore implements ToolStore {
  readonly #tools = new Map<string, Tool>();
  readonly #tags = new Map<string, readonly TagDetails[]>();
  readonly #scans = new Map<string, ToolScan>();
  readonly #failures = new Map<string, RememberedFailure>();

  constructor(tools: readonly Tool[] = []) {
    for (const tool of tools) this.#tools.set(tool.id, structuredClone(tool));
  }

  *tools(filter: ToolFilter = {}): Generator<Tool> {
    for (const id of [...this.#tools.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
      const tool = this.find(id);
      if (tool !== undefined && matchesFilter(tool, filter)) yield tool;
    }
  }

  find(id: string): Tool | undefined {
    return structuredClone(this.#tools.get(id));
  }

  tagsOf(id: string): readonly TagDetails[] {
    return this.#tags.get(id) ?? [];
  }

  saveScraped(scraped: readonly ScrapedTool[]): void {
    for (const { tool, tags, tagsKnown } of scraped) {
      const known = this.#tools.get(tool.id);
      const kept =
        known !== undefined && !tagsKnown ? { docker_tags: known.docker_tags, tags_note: known.tags_note } : {};
      const security = known?.security ?? Tool.parse({ id: tool.id }).security;
      this.#tools.set(tool.id, structuredClone({ ...known, ...tool, ...kept, security }));
      if (tagsKnown) this.#tags.set(tool.id, structuredClone(tags));
    }
  }

  saveScan(id: string, scan: ToolScan): void {
    const tool = this.#tools.get(id);
    if (tool === undefined) throw new ScannerError(`${id} is not in the catalogue`, { code: 'internal' });
    this.#tools.set(id, structuredClone({ ...tool, security: scan.security }));
    this.#scans.set(id, structuredClone(scan));
    this.#failures.delete(id);
  }

  failureOf(id: string): RememberedFailure | undefined {
    return this.#failures.get(id);
  }

  rememberFailure(id: string, failure: RememberedFailure): void {
    this.#failures.set(id, failure);
  }

  forgetFailure(id: string): void {
    this.#failures.delete(id);
  }

  scanOf(id: string): ToolScan | undefined {
    return structuredClone(this.#scans.get(id));
  }
}
