import {
  createScalerClient,
  DEFAULT_ADDRESS,
  SCALER_VARIABLES,
  type ScalerClient,
} from '../adapters/scaler-client.ts'
import type { ArgumentSpecs, OptionSpec } from './command.ts'
import type { Context } from './context.ts'

/** Of every command that talks to a scaler. */
export const SCALER_OPTIONS = {
  address: {
    type: 'string',
    value: 'URL',
    describe: `Where the scaler is. Default: ${SCALER_VARIABLES.address}, or ${DEFAULT_ADDRESS}`,
  },
} as const satisfies Record<string, OptionSpec>

/** Of every command about one group. */
export const GROUP_ARGUMENT = {
  group: {
    type: 'string',
    demandOption: true,
    value: 'GROUP',
    describe: 'A group, as drover status names it',
  },
} as const satisfies ArgumentSpecs

export const TOKEN_NOTE =
  `The scaler's token is taken from ${SCALER_VARIABLES.token}, or from the file that ${SCALER_VARIABLES.tokenFile} names, never from\n` +
  'the command line. Exits 5 when the scaler does not answer, or another daemon leads.'

export function scalerClient(
  context: Context,
  { address }: { readonly address?: string | undefined },
): ScalerClient {
  return createScalerClient(context.env, address)
}

/** Who asks, as the scaler's log shows it. */
export function askerOf({ env }: Context, reason?: string): { by: string; reason?: string } {
  // One line of the scaler's log: whatever the environment holds must fit there.
  const by = (env.USER || env.LOGNAME || 'drover').replaceAll(/\p{Cc}/gu, '').slice(0, 100) || 'drover'
  return { by, ...(reason === undefined ? {} : { reason }) }
}
