export { type CandleEvent, type CandleEventKind, serviceStarted, serviceStopped } from './candle-event.ts';
export {
  describeHookFailure,
  enqueueEvent,
  eventsDir,
  forgetHookFailure,
  type HookedPlugin,
  hookFailureHint,
  hookLogPath,
  listHookFailures,
  recordHookFailure,
  takeEvents,
  takeHookNotice,
} from './event-queue.ts';
