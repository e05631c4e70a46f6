/** Warnings of Nomad that rendered jobs may have, each with its reason. */
export const acceptedWarnings: readonly RegExp[] = []

/** The warnings in what `nomad job validate` prints: lines that start with `* `. */
export function readWarnings(output: string): string[] {
  return output.split('\n').flatMap((line) => (line.startsWith('* ') ? [line.slice(2)] : []))
}
