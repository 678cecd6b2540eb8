import { type Finding } from '../model/finding.ts';
import type { HostImage } from '../model/image.ts';
import type { CompleteScan } from '../model/scan-outcome.ts';
import { Tool } from '../model/tool.ts';
import type { ToolScan } from '../ports/tool-store.ts';
/** A finding that stands for any; the key follows from the vulnerability, package and path unless given. */
export declare const aFinding: (given?: Partial<Finding>) => Finding;
/** An image whose content follows from its ID, so that two IDs are two contents. */
export declare const anImage: (given?: Partial<HostImage>) => HostImage;
export declare const aCompleteScan: (given?: Partial<CompleteScan>) => CompleteScan;
/** A tool that was never scanned; name and namespace follow from the ID unless given. */
export declare const aTool: (given?: Partial<Tool>) => Tool;
/** What a scan of `postgres:stable` left that found nothing. */
export declare const aToolScan: (given?: Partial<ToolScan>) => ToolScan;
