/** The hidden command that completion scripts call with the words typed so far; the last one may be unfinished. */
export const COMPLETE_COMMAND = '__complete'
