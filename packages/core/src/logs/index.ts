export { timeSlices } from '../system/time-slices.ts';
export { type ClearedService, clearLogs } from './clear-logs.ts';
export { findErrorLine } from './error-excerpt.ts';
export { lastLinesHint } from './errors.ts';
export { followLogs } from './follow-logs.ts';
export { followRun } from './follow-output.ts';
export { isProbablyExpression, linePattern } from './line-pattern.ts';
export { hasText, lastState } from './line-text.ts';
export { readLastLine, readLastLines } from './lines-backward.ts';
export { isPipedInstead, type LogEntry, pipedInsteadOutput, pipedInsteadText, truncatedText } from './log-entry.ts';
export { defaultLineCount, parseCount, parseLogTime } from './log-options.ts';
export {
  comparePositions,
  cursorText,
  findPosition,
  type LogPosition,
  logBeginning,
  parseCursor,
} from './log-position.ts';
export { logEntryDocument, logs, logsDocument, type ServiceLog } from './logs.ts';
export { MessageSearch } from './message-search.ts';
export { GrowthWatch, idleGapMs } from './output-watch.ts';
export { cutText } from './read-run.ts';
export { hasTruncated, RunLog } from './run-log.ts';
export {
  encodeTimeRecord,
  listSegments,
  readTimeIndex,
  type Segment,
  segmentAt,
  segmentLength,
  timeRecordSize,
} from './segments.ts';
export {
  beginCopy,
  type CopyEnd,
  comparedBytes,
  compareSpool,
  extendCopy,
  findCopyEnd,
  openSpoolToAppend,
} from './spool.ts';
export { type FoundMessage, parseTimeout, waitForLog } from './wait-for-log.ts';
