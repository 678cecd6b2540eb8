export { ScannerError } from './errors.ts';
export type { ErrorCode, ScannerErrorOptions } from './errors.ts';

export {
  addCounts,
  compareCounts,
  compareSeverity,
  countSeverities,
  SEVERITIES,
  Severity,
  SeverityCounts,
} from './model/severity.ts';
export { compareFindings, Finding, findingKey } from './model/finding.ts';
export { ListKeeper } from './model/list-keeper.ts';
export type { FindingIdentity } from './model/finding.ts';
export { Failure, FAILURE_CODES, FailureCode } from './model/failure.ts';
export { networkFailureOf, TRUST_ADVICE } from './model/network-failure.ts';
export type { NetworkFailure } from './model/network-failure.ts';
export { CompleteScan, Coverage, COVERAGES } from './model/scan-outcome.ts';
export type { FailedScan, ScanOutcome } from './model/scan-outcome.ts';
export { imageFileName } from './model/image-file-name.ts';
export { isRunning } from './model/image.ts';
export type { ContainerUse, HostImage, UnreadableImage } from './model/image.ts';

export type {
  BaselineSaving,
  BaselineStore,
  SavingOptions,
  StoredBaseline,
  StoredRules,
} from './ports/baseline-store.ts';
export type { BlobCache } from './ports/blob-cache.ts';
export { InMemoryBlobCache } from './ports/in-memory-blob-cache.ts';
export { systemClock } from './ports/clock.ts';
export type { Clock } from './ports/clock.ts';
export type {
  ImageScanner,
  PlannedImage,
  PlannedScan,
  ScannerIdentity,
  ScanRequest,
  ScanSubject,
} from './ports/image-scanner.ts';
export type { ImageListing, ImageSource } from './ports/image-source.ts';
export type { HeldLock, LockAttempt, LockKeeper } from './ports/lock-keeper.ts';
export { silentLog } from './ports/log.ts';
export type { Log } from './ports/log.ts';
export { CHANNELS, Channel, deliveriesOf, MailContent, OutboxMessage } from './ports/outbox.ts';
export type {
  Delivery,
  DeliveryKey,
  FailedAttempt,
  Outbox,
  OutboxBounds,
  OutboxState,
  PostponedAttempt,
} from './ports/outbox.ts';
export type { LostKnowledge, PassTold, TellingStore, ToldReading, UndeliveredDelivery } from './ports/telling-store.ts';
export type { LastScan, ResultKey, ResultStore, StoredResult } from './ports/result-store.ts';

export { documentSchemas } from './documents/index.ts';
export {
  BaselineDiffDocument,
  BaselineDifference,
  BaselineListDocument,
  BaselineRefusal,
  BaselineRemoveDocument,
  BaselineSaveDocument,
  BaselineShowDocument,
  ListedBaseline,
  SavedBaseline,
  ShownBaseline,
} from './documents/baseline-documents.ts';
export { CompareDocument } from './documents/compare-document.ts';
export { Check, DoctorDocument } from './documents/doctor-document.ts';
export { ErrorDocument } from './documents/error-document.ts';
export { NoticeDelivery, NoticesDocument, NoticesRetryDocument } from './documents/notices-document.ts';
export { HostLogsDocument, HostStatusDocument, ServiceState } from './documents/host-status-document.ts';
export { HostScanDocument, ImageDocument, ImageReport } from './documents/host-scan-document.ts';
export type {
  BaselineReport,
  ContainerReport,
  FindingFilter,
  ScanDocument,
  Totals,
  TrivyUsed,
} from './documents/host-scan-document.ts';
export { TrivyDocument } from './documents/trivy-document.ts';

export { sanitizeForTerminal } from './text/inert-text.ts';
export { changeInWords } from './text/change-in-words.ts';
export { localTimeZone, momentInWords } from './text/moment-in-words.ts';
export { html, Markup } from './text/markup.ts';
export { parseOutsideJson } from './text/outside-json.ts';
export { webAddress } from './text/web-address.ts';

export { contentKey } from './model/content-key.ts';
export { eachBounded } from './concurrency/each-bounded.ts';
export { mapBounded } from './concurrency/map-bounded.ts';
export { compareImages } from './images/compare-images.ts';
export { scanInTurn } from './images/scan-in-turn.ts';
export type { ScanInTurn } from './images/scan-in-turn.ts';
export { scanNamedImages } from './images/scan-named-images.ts';
export type { NamedImage, ReferenceSource, ScanNamedImagesOptions } from './images/scan-named-images.ts';
export { totalsOf } from './documents/totals.ts';
export type { PassContext, PassLog } from './ports/pass-log.ts';
export { HostPass, trivyUsed } from './host/host-pass.ts';
export type { HostPassOutcome } from './host/host-pass.ts';
export type { HostPassEvent, HostPassOptions, HostPassParts, OpenScanner } from './host/host-pass-parts.ts';
export type { ImageSelection } from './host/select-images.ts';

export {
  DEFAULT_REGISTRY,
  familiarReference,
  formatReference,
  parseReference,
  registryOf,
  repositoryOf,
} from './model/reference.ts';
export type { ParsedReference, Reference } from './model/reference.ts';
export { matchImage, parseImagePattern } from './host/image-pattern.ts';
export type { ImagePattern, ParsedPattern } from './host/image-pattern.ts';
export { parseIgnoreList } from './host/ignore-list.ts';
export type { IgnoreList, IgnoreListProblem } from './host/ignore-list.ts';

export { statusOf, TagDetails, Tool, ToolSecurity, UNKNOWN_SECURITY, Vulnerabilities } from './model/tool.ts';
export { RememberedFailure, ToolScan } from './ports/tool-store.ts';
export type { ScrapedTool, ToolFilter, ToolStore } from './ports/tool-store.ts';

export type { DigestAnswer, DigestOptions, ManifestDigests, PullAllowance } from './ports/manifest-digests.ts';
export { ImageResolver } from './catalogue/image-resolver.ts';
export type { ImageResolverOptions, Resolution, ResolvableTool, ResolvedImage } from './catalogue/image-resolver.ts';
export { makeDirectories } from './make-directories.ts';
export { placeError, systemCode } from './place-error.ts';
export { TAG_POLICIES, TAG_RULES } from './catalogue/tag-choice.ts';
export type { TagPolicy, TagRule } from './catalogue/tag-choice.ts';
export { isArtifactTag, isTagName } from './catalogue/tag-names.ts';
export { toScanResult, updateToolSecurity } from './catalogue/scan-result.ts';
export type { ScannedImage, ScanResult } from './catalogue/scan-result.ts';
export { isStale, matchesFilter, selectTools } from './catalogue/select-tools.ts';
export type {
  LeftOutTool,
  SelectedTool,
  SelectedTools,
  ToolSelection,
  ToolSelectionParts,
} from './catalogue/select-tools.ts';
export { rankTools, TOOL_ORDERS } from './catalogue/rank-tools.ts';
export type { Ranking, RankingOptions, ToolOrder, ToolStatus } from './catalogue/rank-tools.ts';
export { ScanOrchestrator } from './catalogue/scan-orchestrator.ts';
export type { ScanBatchOptions, ScanBatchResult, ScanOrchestratorParts } from './catalogue/scan-batch.ts';
export type { ToolResult } from './catalogue/tool-result.ts';
export type { UnsavedScan } from './catalogue/pending-saves.ts';
export type { Wait } from './catalogue/pull-limits.ts';
export {
  describeRanking,
  describeTool,
  leftOutReport,
  packagesOf,
  resultReport,
  scanTotals,
  selectedReport,
} from './catalogue/describe-tools.ts';
export type { KnownTool } from './catalogue/describe-tools.ts';
export { CatalogueScanDocument, CatalogueScanTotals, ToolReport } from './documents/catalogue-scan-document.ts';
export { ScrapeDocument, ScrapedNamespace, ScrapeError } from './documents/scrape-document.ts';
export { ToolDocument, VulnerablePackage } from './documents/tool-document.ts';
export { RankedTool, TopDocument } from './documents/top-document.ts';

export { acceptancesOf } from './baseline/acceptances.ts';
export type { Acceptances } from './baseline/acceptances.ts';
export { acceptScan, whyNotAcceptable } from './baseline/accept-scan.ts';
export type { AcceptableScan, Acceptance } from './baseline/accept-scan.ts';
export { AcceptedFinding, Baseline, BASELINE_SCHEMA } from './baseline/baseline.ts';
export { knownOfBaseline } from './baseline/known-baseline.ts';
export {
  AcceptDocument,
  AcceptedHit,
  BaselineImportDocument,
  BaselineTidyDocument,
} from './documents/accept-document.ts';
export { acceptCommand, saveBaselineCommand } from './baseline/accept-commands.ts';
export type { CommandOptions } from './baseline/accept-commands.ts';
export { acceptFindings, importRules, keyHash } from './baseline/accept-findings.ts';
export type { AcceptingParts, RuleToImport, WantedAcceptance } from './baseline/accept-findings.ts';
export { tidyAcceptances } from './baseline/tidy-acceptances.ts';
export type { TidyParts, TidyWish } from './baseline/tidy-acceptances.ts';
export { RecordOfBaselines } from './baseline/record-of-baselines.ts';
export type { Asked, RecordParts, Said } from './baseline/record-of-baselines.ts';
export { AcceptanceRule, AcceptanceRules, NO_RULES, readRules, RULES_SCHEMA, writeRules } from './baseline/rules.ts';
export type { RulesReading } from './baseline/rules.ts';
export { readBaseline } from './baseline/read-baseline.ts';
export type { BaselineReading } from './baseline/read-baseline.ts';
export { baselineRevision, writeBaseline } from './baseline/write-baseline.ts';
export { ownSeedFileNames, seedFileName } from './model/seed-file-name.ts';
export {
  keepLists,
  awaitingSecondLook,
  Failing,
  NOTHING_TOLD,
  ReferenceState,
  ToldState,
  unscannedReference,
} from './notice/told-state.ts';
export {
  Digest,
  FailureGroup,
  FirstSeenGroup,
  Notice,
  NoticeFinding,
  NoticeGroup,
  UndeliveredNotices,
} from './notice/notice.ts';
export { Cause, CAUSES, Circumstances } from './comparison/circumstances.ts';
export { compareWithKnown } from './comparison/compare-with-known.ts';
export type { Compared, Comparison, NewFinding, WithheldReason } from './comparison/compare-with-known.ts';
export { anyPackageKey, KnownFinding, parseFindingKey } from './comparison/known-finding.ts';
export type { MovedFinding } from './comparison/pair-moved.ts';
export type { KnownSide, ScannedSide } from './comparison/sides.ts';
export { decidePass } from './notice/decide-pass.ts';
export type { PassDecision } from './notice/decide-pass.ts';
export { NOTICE_CAPS } from './notice/notice.ts';
export type { NoticeCaps } from './notice/notice.ts';
export type { NoticeRepeat, Pass, PassImage, TellingSettings } from './notice/pass.ts';

export { Telling } from './host/telling.ts';
export type { ConcludedPass, TellingParts, Told } from './host/telling.ts';

export type { AcceptanceTerms } from './baseline/acceptances.ts';
export { leaveOutAccepted } from './baseline/leave-out-accepted.ts';
export type { AcceptedNow, WithoutAccepted } from './baseline/leave-out-accepted.ts';
