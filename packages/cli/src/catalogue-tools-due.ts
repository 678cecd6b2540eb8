import type { LeftOutTool, SelectedTool, Tool, ToolStore } from '@scanner/core';

export interface ToolsDueOptions {
  /** Whether a tool is scanned that another process has scanned meanwhile. */
  readonly again: boolean;
  readonly leaveOut: (tool: LeftOutTool) => void;
}

/**
 * The tools that were selected, each read when its turn comes: a catalogue of many is not held at once, and what another
 * process has scanned in the meantime is left out.
 */
export const toolsDue = function* (
  selected: readonly SelectedTool[],
  store: Pick<ToolStore, 'find'>,
  { again, leaveOut }: ToolsDueOptions,
): Generator<Tool, void, undefined> {
  for (const { id, lastScan } of selected) {
    const tool = store.find(id);
    const isOvertaken = tool !== undefined && tool.security.trivy_scan_date !== lastScan;
    if (tool === undefined) leaveOut({ id, why: 'unresolved', reason: GONE });
    else if (isOvertaken && !again) leaveOut({ id, why: 'skipped_fresh', reason: null });
    else yield tool;
  }
};

const GONE = { code: 'not_found', message: 'it was taken out of the catalogue meanwhile' } as const;
