import * as v from 'valibot';

const outputModes = ['auto', 'file', 'pipe'] as const;

/**
 * Where a service prints to. `file`: nothing has to run for it to print, but what it truncates is lost. `pipe`: nothing is
 * lost that way, but it waits while nobody reads. `auto`: the file until it was seen to truncate its output.
 */
export type OutputMode = (typeof outputModes)[number];

export const defaultOutputMode: OutputMode = 'auto';

export const OutputModeSchema = v.picklist(outputModes, `must be one of ${outputModes.join(', ')}`);
